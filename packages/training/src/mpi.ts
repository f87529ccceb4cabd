export { ProcessError } from './mpi/errors.js';
export { startProcesses, type ProcessOptions, type TrainingProcesses } from './mpi/start-processes.js';
