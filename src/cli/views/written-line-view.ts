import type { NewLine } from '../../operations/boot/write-line.ts'
import { bootDocument } from '../../output/boot/boot-document.ts'
import type { Document } from '../../output/schemas/documents.ts'
import type { View } from '../../output/view.ts'

const noWords = 'nothing of it takes a word on the kernel command line'

/** Shows a line that was written, and nothing else on standard output: it is for a boot loader. */
export const writtenLineView = (written: NewLine): View<Document<'boot'>> => {
  const { line, warnings } = written
  return {
    lines: line === '' ? [] : [line],
    document: () => bootDocument(written),
    notes: [...warnings, ...(line === '' && warnings.length === 0 ? [noWords] : [])],
    words: [],
    hints: [],
    partial: false,
  }
}
