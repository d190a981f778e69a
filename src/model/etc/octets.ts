const encoder = new TextEncoder()

/**
 * The bytes of a text in UTF-8, each as one character: what files are read as whose bytes need not
 * be UTF-8, so that every one of them is kept.
 */
export const octets = (text: string): string =>
  Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join('')
