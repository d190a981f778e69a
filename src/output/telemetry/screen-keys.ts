const esc = '\u001b'

/** The keys by what xterm(1) and the console of Linux send for them. */
const named: Readonly<Record<string, string>> = {
  [`${esc}[A`]: 'up',
  [`${esc}OA`]: 'up',
  [`${esc}[B`]: 'down',
  [`${esc}OB`]: 'down',
  [`${esc}[5~`]: 'pageup',
  [`${esc}[6~`]: 'pagedown',
  [`${esc}[H`]: 'home',
  [`${esc}OH`]: 'home',
  [`${esc}[1~`]: 'home',
  [`${esc}[7~`]: 'home',
  [`${esc}[F`]: 'end',
  [`${esc}OF`]: 'end',
  [`${esc}[4~`]: 'end',
  [`${esc}[8~`]: 'end',
  [esc]: 'escape',
  '\u0003': 'ctrl-c',
  '\u001a': 'ctrl-z',
}

/** A sequence of ECMA-48, a key of the application keypad, or one character. */
const oneKey = new RegExp(`${esc}(?:\\[[0-?]*[ -/]*[@-~]|O.|)|.`, 'gsu')

/** Reads the keys in what was typed. A sequence that is not known is one key without a name. */
export const keysIn = (typed: string): readonly string[] =>
  Array.from(typed.matchAll(oneKey), ([text]) =>
    Object.hasOwn(named, text) ? (named[text] ?? '') : text.startsWith(esc) ? '' : text,
  )
