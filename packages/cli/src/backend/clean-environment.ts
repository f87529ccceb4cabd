/** The environment for a helper process: quiet TensorFlow, and none of the settings of an npm that may have started this one. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^npm_(config|package|lifecycle|command)/i.test(name));
  return { TF_CPP_MIN_LOG_LEVEL: '2', ...Object.fromEntries(kept) };
}
