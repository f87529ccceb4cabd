/** The model's files as base64, by name, as JSON: the build writes them in (tsup.config.ts). */
declare const MODEL_FILES: string;

export const embedded: Readonly<Record<string, string>> = JSON.parse(MODEL_FILES);
