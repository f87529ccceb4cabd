export type { Accumulator, AccumulatorState } from './scores/accumulator.js';
export { centsBetween, hertzOfPitch } from '@gansynth/common/note-name';
export { type Samples } from './note/audio.js';
export { MetricsError, NotComparableError, ShapeError, TooFewExamplesError, ValueError } from './errors.js';
export { judgeNote, type NoteJudgement, type NoteQuality, noteQuality, type PitchedNote } from './note/note-quality.js';
export { type PhaseCoherence, phaseCoherence, type PhaseCoherenceOptions } from './note/phase-coherence.js';
export { integratedLoudness, type LoudnessOptions } from './note/loudness.js';
export { type PitchTrackerOptions, type TrackedPitch, trackPitch } from './note/pitch-tracker.js';
export {
  type FrechetBatch,
  type FrechetDistance,
  frechetDistance,
  type FrechetDistanceOptions,
} from './scores/frechet-distance.js';
export { inceptionScore, type InceptionScore, type InceptionScoreOptions } from './scores/inception-score.js';
export {
  type Confusion,
  type LabelledLogits,
  pitchAccuracy,
  type PitchAccuracy,
  type PitchAccuracyOptions,
  type PitchClasses,
} from './scores/pitch-accuracy.js';
export { pitchEntropy, type PitchEntropy } from './scores/pitch-entropy.js';
export { type RowArray, type Rows, rowsOf } from './numeric/rows.js';
export {
  type Classification,
  createPitchClassifier,
  loadPitchClassifier,
  type PitchClassifier,
} from './pitch-classifier/classifier.js';
export { type ClassifierEvaluationOptions, evaluatePitchClassifier } from './pitch-classifier/evaluation.js';
export {
  classifierInput,
  classifierInputs,
  type ClassifierInputSettings,
  defaultInput,
  inputShape,
  stackInputs,
} from './pitch-classifier/input.js';
export {
  type ClassifierBlock,
  type ClassifierOptions,
  type ClassifierOutputs,
  type ClassifierSettings,
  originalClassifier,
  smallClassifier,
} from './pitch-classifier/settings.js';
export {
  type ClassifierLosses,
  ClassifierTask,
  type ClassifierTaskOptions,
  resumeClassifierTask,
} from './pitch-classifier/classifier-task.js';
export type { ClassifierBatch, ClassifierLabels } from './pitch-classifier/labels.js';
export {
  type ClassifierExample,
  type ClassifierExamples,
  classifierSource,
  type ClassifierSource,
} from './pitch-classifier/source.js';
export { type ClassifierTrainingOptions, trainPitchClassifier } from './pitch-classifier/training.js';
export { type KMeans, kMeans, type KMeansEvent, type KMeansOptions } from './numeric/k-means/k-means.js';
export { logSpectrogram, type LogSpectrogramOptions } from './scores/log-spectrogram.js';
export {
  assignBins,
  binsFromJSON,
  binsHash,
  binsToJSON,
  type NdbBins,
  ndbBins,
  ndbBinsFromCentres,
  type NdbBinsOptions,
  ndbWhitening,
  type SavedNdbBins,
} from './scores/ndb/bins.js';
export { type Ndb, ndb, type NdbBatch, type NdbBin, type NdbOptions } from './scores/ndb/ndb.js';
export { type Diversity, diversity, type DiversityBatch } from './scores/diversity.js';
export {
  kernelDistance,
  type KernelDistance,
  type KernelDistanceBatch,
  type KernelDistanceOptions,
} from './scores/kernel-distance.js';
export { type Memorisation, memorisation, type NearestNote, nearestNotes, type TrainingNotes } from './scores/nearest-note.js';
export {
  type ListeningAnswerSheet,
  answerSheetKind,
  type JoinedAnswers,
  joinAnswerSheets,
  parseAnswerSheet,
} from './listening-test/answer-sheet.js';
export { catchTone, type CatchToneOptions, type ListeningCatch, passesCatch } from './listening-test/catches.js';
export { type MatchedLevels, matchLevels, type SoundLevel } from './listening-test/levels.js';
export {
  type ListeningNote,
  type ListeningPair,
  type ListeningTest,
  type ListeningTestOptions,
  makeListeningTest,
} from './listening-test/pairs.js';
export {
  krippendorffAlpha,
  kruskalWallis,
  type KruskalWallis,
  type SignedRank,
  wilcoxonSignedRank,
} from './listening-test/rank-tests.js';
export {
  type ListenerCatches,
  type ListeningAnswer,
  type ListeningComparison,
  type ListeningModelScore,
  type ListeningScore,
  type ListeningScoreOptions,
  scoreListeningTest,
} from './listening-test/score.js';
export {
  bootstrapInterval,
  centred,
  type Interval,
  middleInterval,
  seedDraws,
  seedInterval,
  shareInterval,
} from './evaluation/interval.js';
export { kendallTau } from './evaluation/kendall-tau.js';
export { type ResampledScoreName, resampledScoreNames, type ResampledScores } from './evaluation/resample.js';
export { compareScores, formatScores, type ScoreDifference } from './evaluation/compare.js';
export {
  hearNotes,
  type HearNotesOptions,
  type NoteSource,
  type ScoredNote,
  type ScoreNotesEvent,
} from './evaluation/hear-notes.js';
export { type HeardNotes, joinHeardNotes, type NoteRows, type SetScores } from './evaluation/heard-notes.js';
export {
  type BinsOptions,
  heardReference,
  type ScoringReference,
  scoringReference,
  type ScoringReferenceOptions,
} from './evaluation/scoring-reference.js';
export {
  type ScoreConditions,
  scoreHeardNotes,
  type ScoreHeardNotesOptions,
  scoreNotes,
  type ScoreNotesOptions,
  type ScoreReport,
} from './evaluation/score-notes.js';
