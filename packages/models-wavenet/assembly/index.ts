export { condition, run } from './run';
