import { hasControls } from './octal-escapes.ts'
import { asOctets, isText, type Octets, textOf } from './octets.ts'
import { printOctets, shellWord } from './shell-word.ts'

const printedLine = (line: string): string => printOctets(asOctets(`${line}\n`))

/** Whether a terminal obeys something in a text. Tab and newline only move what follows them. */
const isObeyed = (text: string): boolean => hasControls(text.replaceAll(/[\t\n]/g, ''))

/**
 * Returns shell lines that write a file of lines. They are a here-document, unless the file has
 * bytes that are not UTF-8 or characters that a terminal obeys: then `printf` writes each line.
 */
export const fileLine = (path: string, all: Octets): string => {
  if (isText(all) && !isObeyed(textOf(all)))
    return `cat > ${shellWord(path)} <<'END'\n${textOf(all)}END`
  const lines = all.replace(/\n$/, '').split('\n')
  return `{ ${lines.map(printedLine).join('\n')}\n} > ${shellWord(path)}`
}
