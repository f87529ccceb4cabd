// @ts-check
'use strict';

(() => {
  /** @typedef {{ listener: string, sheet: number, revision: number, answers: Record<string, number>, at: number, begun: boolean, kept: number, filed: number }} State */
  /** @type {{ test: string, sheets: string[][], pairs: Record<string, [string, string]> }} */
  const data = JSON.parse(element('data', HTMLScriptElement).textContent ?? '');
  const key = `gansynth-listening/${data.test}`;
  const isServed = location.protocol.startsWith('http');

  const fieldset = element('answers', HTMLFieldSetElement);
  const radios = /** @type {HTMLInputElement[]} */ ([...fieldset.querySelectorAll('input')]);
  const sheetInput = element('sheet', HTMLInputElement);
  const next = element('next', HTMLButtonElement);
  const back = element('back', HTMLButtonElement);
  const status = element('status', HTMLElement);
  const saving = element('saving', HTMLElement);
  const toSend = element('send', HTMLElement);
  const saveAndSend = toSend.textContent;
  const players = ['a', 'b'].map((side) => ({
    button: element(`play-${side}`, HTMLButtonElement),
    audio: new Audio(),
    name: side.toUpperCase(),
    heard: false,
  }));

  let memory = /** @type {string | null} */ (null);
  let isPrivate = false;
  let state = read() ?? fresh();

  /**
   * @template {HTMLElement} Kind
   * @param {string} id
   * @param {abstract new () => Kind} kind
   * @returns {Kind}
   */
  function element(id, kind) {
    const found = document.getElementById(id);
    if (found instanceof kind) return found;
    throw new Error(`the page lacks #${id}`);
  }

  /** Letters and digits that nobody else has. @returns {State} */
  function fresh() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const listener = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const sheet = 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % data.sheets.length);
    return { listener, sheet, revision: 0, answers: {}, at: 0, begun: false, kept: 0, filed: 0 };
  }

  /** @returns {State | undefined} */
  function read() {
    try {
      memory = localStorage.getItem(key);
    } catch {
      isPrivate = true;
    }
    if (memory === null) return undefined;
    try {
      const found = JSON.parse(memory);
      return data.sheets[found.sheet - 1] && typeof found.answers === 'object' ? found : undefined;
    } catch {
      return undefined;
    }
  }

  function write() {
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      isPrivate = true;
    }
    if (isPrivate && !isServed)
      say('This browser does not let the page remember your answers: save them as a file before you close it.');
  }

  /** @param {string} words */
  function say(words) {
    saving.textContent = words;
  }

  const pairs = () => data.sheets[state.sheet - 1] ?? [];
  const answered = () => pairs().filter((id) => id in state.answers).length;

  const answersFile = () => ({
    kind: 'gansynth-listening-answers',
    format: 1,
    test: data.test,
    listener: state.listener,
    sheet: state.sheet,
    revision: state.revision,
    answers: pairs().flatMap((pair) => (pair in state.answers ? [{ pair, answer: state.answers[pair] }] : [])),
  });

  /** @param {'welcome' | 'trial' | 'end'} name */
  function show(name) {
    for (const id of ['welcome', 'trial', 'end']) element(id, HTMLElement).hidden = id !== name;
    element('keep', HTMLElement).hidden = state.revision === 0;
    tellWhatIsKept();
  }

  /** Nobody's answers are thrown away: first they are kept on the server, or saved as a file. */
  function tellWhatIsKept() {
    toSend.textContent =
      state.kept < state.revision ? saveAndSend : 'Your answers are kept on the server. There is nothing else to do.';
    element('another', HTMLButtonElement).disabled = Math.max(state.kept, state.filed) < state.revision;
  }

  function stop() {
    for (const { audio, button } of players) {
      audio.pause();
      button.classList.remove('playing');
    }
  }

  /** @param {number} side */
  function play(side) {
    stop();
    const player = players[side];
    if (!player) return;
    const { audio, button, name } = player;
    // What could not be loaded may be there now.
    if (audio.error) audio.load();
    else audio.currentTime = 0;
    button.classList.add('playing');
    status.textContent = `Playing sound ${name}.`;
    audio.play().catch((error) => {
      if (error.name === 'AbortError') return;
      button.classList.remove('playing');
      status.textContent = `Sound ${name} cannot be played (${error.message}). Try again; is the folder "sounds" still beside this page?`;
    });
  }

  /** @param {number} side */
  function heard(side) {
    const player = players[side];
    if (!player || player.heard) return;
    player.heard = true;
    player.button.classList.add('heard');
    player.button.setAttribute('aria-label', `Play sound ${player.name} again`);
    if (players.every((one) => one.heard)) fieldset.disabled = false;
  }

  for (const [side, { audio, button, name }] of players.entries()) {
    button.addEventListener('click', () => play(side));
    audio.addEventListener('timeupdate', () => audio.currentTime >= 1 && heard(side));
    audio.addEventListener('ended', () => {
      button.classList.remove('playing');
      heard(side);
      const other = players[1 - side];
      status.textContent = other?.heard
        ? `Sound ${name} has ended. Choose an answer.`
        : `Sound ${name} has ended. Listen to sound ${other?.name}.`;
    });
  }

  /** @returns {void} */
  function ask() {
    stop();
    const ids = pairs();
    const id = ids[state.at];
    if (id === undefined) return finish();
    const sounds = data.pairs[id];
    for (const [side, player] of players.entries()) {
      player.audio.src = sounds?.[side] ?? '';
      player.audio.preload = 'auto';
      player.heard = id in state.answers;
      player.button.classList.toggle('heard', player.heard);
      player.button.removeAttribute('aria-label');
    }
    const before = state.answers[id];
    for (const radio of radios) radio.checked = Number(radio.value) === before;
    fieldset.disabled = before === undefined;
    next.disabled = before === undefined;
    next.textContent = state.at === ids.length - 1 ? 'Finish' : 'Next pair';
    back.disabled = state.at === 0;
    status.textContent = 'Listen to both sounds.';
    element('number', HTMLElement).textContent = `${state.at + 1} of ${ids.length}`;
    const progress = element('progress', HTMLProgressElement);
    progress.max = ids.length;
    progress.value = answered();
    show('trial');
    element('title', HTMLElement).focus();
    preload(ids[state.at + 1]);
  }

  /** @param {string | undefined} id */
  function preload(id) {
    for (const sound of id === undefined ? [] : (data.pairs[id] ?? [])) new Audio(sound).preload = 'auto';
  }

  /** @param {number} answer */
  function give(answer) {
    const id = pairs()[state.at];
    if (fieldset.disabled || id === undefined || state.answers[id] === answer) return;
    for (const radio of radios) radio.checked = Number(radio.value) === answer;
    state.answers[id] = answer;
    state.revision++;
    next.disabled = false;
    write();
    show('trial');
    void send();
  }

  function goOn() {
    if (next.disabled) return;
    state.at++;
    write();
    ask();
  }

  /** @returns {void} */
  function finish() {
    const ids = pairs();
    // Came here with a gap: a sheet that was changed by hand.
    const gap = ids.findIndex((id) => !(id in state.answers));
    if (gap >= 0) {
      state.at = gap;
      return ask();
    }
    element('count', HTMLElement).textContent = String(ids.length);
    show('end');
    element('thanks', HTMLElement).focus();
    void send();
  }

  let isSending = false;
  let retry = 0;
  /** Tells the server, where there is one, all answers so far; again and again until it has them. */
  async function send() {
    if (!isServed || isSending || state.kept >= state.revision) return;
    isSending = true;
    clearTimeout(retry);
    retry = 0;
    const { revision, listener } = state;
    try {
      const response = await fetch('answers', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answersFile()),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      if (listener === state.listener) state.kept = Math.max(state.kept, revision);
      write();
      if (state.kept >= state.revision) say('Your answers are kept on the server.');
      tellWhatIsKept();
    } catch (error) {
      say(
        `Not kept on the server yet (${error instanceof Error ? error.message : error}): this browser remembers them and will try again.`,
      );
      retry = setTimeout(() => void send(), 5000);
    } finally {
      isSending = false;
    }
    if (state.kept < state.revision && retry === 0) void send();
  }

  function download() {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${JSON.stringify(answersFile(), null, 2)}\n`], { type: 'application/json' }));
    link.download = `listening-${data.test}-${state.listener}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    state.filed = state.revision;
    write();
    tellWhatIsKept();
  }

  /** A sheet that few have: from the server, else the one in the address (#3), else any. */
  async function chooseSheet() {
    const named = Number(location.hash.slice(1));
    if (data.sheets[named - 1]) state.sheet = named;
    else if (isServed) {
      try {
        const response = await fetch('sheet');
        const { sheet } = response.ok ? await response.json() : state;
        if (data.sheets[sheet - 1]) state.sheet = sheet;
      } catch {
        // Served by something that only has files: any sheet will do.
      }
    }
    sheetInput.value = String(state.sheet);
  }

  function begin() {
    const sheet = Number(sheetInput.value);
    if (!data.sheets[sheet - 1]) {
      sheetInput.setCustomValidity(`There are sheets 1 to ${data.sheets.length}.`);
      sheetInput.reportValidity();
      return;
    }
    if (!state.begun) Object.assign(state, { sheet, begun: true });
    write();
    ask();
  }

  element('begin', HTMLButtonElement).addEventListener('click', begin);
  sheetInput.addEventListener('input', () => sheetInput.setCustomValidity(''));
  next.addEventListener('click', goOn);
  back.addEventListener('click', () => {
    state.at = Math.max(0, state.at - 1);
    write();
    ask();
  });
  for (const radio of radios) radio.addEventListener('change', () => give(Number(radio.value)));
  element('download', HTMLButtonElement).addEventListener('click', download);
  element('again', HTMLButtonElement).addEventListener('click', () => {
    state.at = 0;
    ask();
  });
  element('another', HTMLButtonElement).addEventListener('click', () => {
    state = fresh();
    write();
    say('');
    void welcome();
  });

  document.addEventListener('keydown', (event) => {
    if (element('trial', HTMLElement).hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      return goOn();
    }
    if (!element('keys', HTMLInputElement).checked) return;
    const side = ['a', 'b'].indexOf(event.key.toLowerCase());
    const answer = ['1', '2', '3', '4', '5'].indexOf(event.key);
    if (side >= 0) play(side);
    if (answer >= 0) give(answer - 2);
  });

  // The same test in another tab: its answers are this one's too, and not overwritten by what was read before them.
  addEventListener('storage', (event) => {
    if (event.key !== key && event.key !== null) return;
    state = read() ?? fresh();
    if (!element('trial', HTMLElement).hidden) ask();
    else if (state.begun && answered() === pairs().length) finish();
    else void welcome();
  });

  async function welcome() {
    if (!state.begun) await chooseSheet();
    sheetInput.value = String(state.sheet);
    sheetInput.max = String(data.sheets.length);
    sheetInput.disabled = state.begun;
    element('sheets', HTMLElement).textContent = String(data.sheets.length);
    element('sheet-choice', HTMLElement).hidden = data.sheets.length < 2;
    element('begin', HTMLButtonElement).textContent = state.begun
      ? `Go on: ${answered()} of ${pairs().length} answered`
      : `Begin: ${pairs().length} pairs`;
    show('welcome');
    // What was not kept when the page was closed.
    void send();
  }

  void welcome();
})();
