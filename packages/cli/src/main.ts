#!/usr/bin/env node
import { exitCodes } from './app/exit-codes.js';
import { runProgram } from './app/run-program.js';

// tfjs-core advises to install tfjs-node whenever another backend runs in Node, and remarks when it is; `gansynth doctor` says it better.
const { warn } = console;
console.warn = (...parts: unknown[]) => {
  const known = /looks like you are running TensorFlow\.js in Node\.js|Platform node has already been set/;
  if (!known.test(String(parts[0]))) warn(...parts);
};

// `gansynth ... | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.success);
  if (error.code !== 'EIO') throw error;
});
// After SIGHUP there is no terminal left to write to, and still something to save.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EIO' && error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(process.argv.slice(2));
// Dawn's and TensorFlow's threads, and worker pools, would keep the process alive; everything is written by now.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise<void>((done) => stream.write('', () => done()))));
process.exit();
