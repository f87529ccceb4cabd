#!/usr/bin/env node
import { runProgram } from './app/run-program.js';

process.exitCode = await runProgram(process.argv.slice(2));
// Dawn's and TensorFlow's threads, and worker pools, would keep the process alive; everything is written by now.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise<void>((done) => stream.write('', () => done()))));
process.exit();
