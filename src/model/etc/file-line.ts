import { hasControls } from './octal-escapes.ts'
import { asOctets, isText, type Octets, textOf } from './octets.ts'
import { printOctets, shellWord } from './shell-word.ts'

const printedLine = (line: string): string => printOctets(asOctets(`${line}\n`))

/** A tab and a newline move no more than the text behind them. */
const isObeyed = (text: string): boolean => hasControls(text.replaceAll(/[\t\n]/g, ''))

/**
 * The shell line that writes a file of lines. What a terminal could obey is in no document of a shell as
 * it stands, and bytes that are not UTF-8 cannot be: then every line is printed.
 */
export const fileLine = (path: string, all: Octets): string => {
  if (isText(all) && !isObeyed(textOf(all)))
    return `cat > ${shellWord(path)} <<'END'\n${textOf(all)}END`
  const lines = all.replace(/\n$/, '').split('\n')
  return `{ ${lines.map(printedLine).join('\n')}\n} > ${shellWord(path)}`
}
