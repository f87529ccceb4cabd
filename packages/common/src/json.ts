/** Deeper than any file of ours by far; a text nested deeper exhausts the stack of whoever walks through it. */
const mostLevels = 100;

/**
 * Parses JSON as it comes from files: a byte order mark, which editors on Windows put before UTF-8, is passed over, and a text nested
 * deeper than 100 levels is refused before anything recurses into it.
 *
 * @param text or its UTF-8 bytes
 * @throws SyntaxError saying where it stops being JSON, or that it is nested too deep
 */
export function parseJson(text: string | Uint8Array): unknown {
  const decoded = typeof text === 'string' ? text : new TextDecoder().decode(text);
  const json = decoded.startsWith('\uFEFF') ? decoded.slice(1) : decoded;
  checkDepth(json);
  return JSON.parse(json);
}

function checkDepth(json: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > mostLevels) {
      throw new SyntaxError(`expected at most ${mostLevels} levels of brackets, found more at position ${i}`);
    }
  }
}
