export { type OwnGeneratorPass, type OwnTerm, type OwnTerms } from './losses/own-terms.js';
export type { CriticPass, GeneratorPass } from './losses/gan-losses.js';
export { ganDraws, ganStreams, type Draws, type GanStreams } from './trainer/draws.js';
export { ganIteration, type GanIterationOptions, type IterationResult } from './trainer/gan-iteration.js';
export { GanPlayers, type GanPlayersOptions, type Players } from './trainer/players.js';
