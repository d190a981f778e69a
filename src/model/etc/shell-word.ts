/**
 * Writes a command within a sentence. Where it has quotes of its own, others are around it, so that it
 * is seen where it begins and ends.
 */
export const quotedCommand = (command: string): string =>
  command.includes("'") ? `"${command}"` : `'${command}'`

/** Writes a text as one word for a shell, with quotes only where they are needed. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
