export { sourceFailure, tamperedSource, type Tamper, type TaskSubject } from './task-suite/subject.js';
export { taskChecks, type TaskCheck } from './task-suite/task-checks.js';
