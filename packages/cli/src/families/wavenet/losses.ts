import type { LossesShown } from '../family.js';

export const waveNetLosses: LossesShown = {
  line: [['nats', 'nats']],
  charts: [{ title: 'loss, nats a sample', losses: [['nats', 'network']] }],
};
