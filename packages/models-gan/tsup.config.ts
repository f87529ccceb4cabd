import { library } from '../../tsup.config.base.js';

const doors = ['index', 'compiled', 'latents', 'magenta', 'networks', 'search', 'training', 'wavegan'];

export default library(Object.fromEntries(doors.map((door) => [door, `src/${door}.ts`])));
