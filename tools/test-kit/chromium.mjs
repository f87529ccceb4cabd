// Finds a Chromium for the browser tests. As a program: says in one line how to get one where there is none.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv, env, exit, platform, stderr } from 'node:process';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the one that CHROME_PATH names, else the first on the PATH, else playwright's own; undefined where there is none. */
export function findChromium() {
  const suffix = platform === 'win32' ? '.exe' : '';
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name + suffix)));
  return [env['CHROME_PATH'], ...onPath, chromium.executablePath()].find((file) => file && existsSync(file));
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href && !findChromium()) {
  stderr.write(
    'No Chromium found: install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium) or name one in CHROME_PATH.\n',
  );
  exit(1);
}
