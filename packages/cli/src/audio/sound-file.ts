/** Names of files that `readSound` reads. */
export const soundFile = /\.(wav|aiff?|aifc|flac|mp3|ogg|oga|opus)$/i;
