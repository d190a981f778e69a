import { hasControls } from './octal-escapes.ts'
import { printCommand, shellWord } from './shell-word.ts'

const printedLine = (line: string): string => printCommand(`${line}\n`)

/** A tab moves no more than the text behind it. */
const isObeyed = (line: string): boolean => hasControls(line.replaceAll('\t', ''))

/**
 * The shell line that writes a file of lines. What a terminal could obey is in no document of a shell as
 * it stands: then every line is printed.
 */
export const fileLine = (path: string, text: string): string => {
  const lines = text.replace(/\n$/, '').split('\n')
  return lines.some(isObeyed)
    ? `{ ${lines.map(printedLine).join('\n')}\n} > ${shellWord(path)}`
    : `cat > ${shellWord(path)} <<'END'\n${text}END`
}
