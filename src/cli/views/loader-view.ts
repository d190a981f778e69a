import { present } from '../../model/words/present.ts'
import type { KexecBoot } from '../../operations/boot/kexec-boot.ts'
import type { LoaderChange } from '../../operations/boot/loader-change.ts'
import type { NextBoot } from '../../operations/boot/next-boot.ts'
import type { PendingWords } from '../../operations/boot/pending-words.ts'
import { loaderDocument } from '../../output/boot/loader-document.ts'
import { type LoaderLine, loaderColumns } from '../../output/boot/loader-rows.ts'
import type { Document } from '../../output/schemas/documents.ts'
import { textRows } from '../../output/text-rows.ts'
import type { View } from '../../output/view.ts'
import type { LoaderResult } from '../loader-run.ts'
import { commandsView } from './change-view.ts'

type LoaderView = View<Document<'boot'>>

const names = loaderColumns.map(({ name }) => name)

const loaderRows =
  (rows: readonly LoaderLine[]): NonNullable<LoaderView['rows']> =>
  (_, style) =>
    textRows({ columns: loaderColumns, rows }, rows.length === 0 ? [] : names, style)

const nextLine = ({ path, words, predicted }: NextBoot, differs: boolean): LoaderLine => ({
  line: 'next-boot',
  path,
  words,
  ...present({ predicted }),
  differs,
})

const bootedByKexec = ({ path, words, predicted }: KexecBoot, differs: boolean): LoaderLine => ({
  line: 'kexec',
  path,
  words: words ?? '',
  ...present({ predicted }),
  differs,
})

/** Shows what was installed or removed. Where a person has to do it, the answer is no. */
const changedView = (action: 'install' | 'remove', change: LoaderChange): LoaderView => {
  const { kind, outcome, loader, lines, notes, hints, next, denied } = change
  if (kind === 'dry-run') return { ...commandsView(lines, denied), notes }
  const told = { words: notes, hints, partial: outcome === 'partial' }
  if (kind === 'print')
    return {
      lines,
      document: () => loaderDocument({ action, outcome: 'printed', loader, lines }),
      ...told,
      isNo: true,
    }
  return {
    rows: loaderRows(next === undefined ? [] : [nextLine(next, outcome === 'partial')]),
    document: () => loaderDocument({ action, outcome, loader, ...present({ next }) }),
    ...told,
  }
}

const loaderLines = ({
  configured,
  next,
  kexec,
  now,
  differs,
}: PendingWords): readonly LoaderLine[] => [
  ...(configured ? [{ line: 'configured' as const, ...configured, differs: false }] : []),
  ...(next ? [nextLine(next, differs.includes('next-boot'))] : []),
  ...(kexec ? [bootedByKexec(kexec, differs.includes('kexec'))] : []),
  ...(now
    ? [
        {
          line: 'this-boot' as const,
          path: '/proc/cmdline',
          words: now.words,
          ...present({ predicted: now.predicted }),
          differs: differs.includes('this-boot'),
        },
      ]
    : []),
]

/**
 * Shows the words that are configured, that will be booted and that were booted. The answer is no
 * where they differ.
 */
const pendingView = (pending: PendingWords): LoaderView => {
  const { notes, ...rest } = pending
  return {
    rows: loaderRows(loaderLines(pending)),
    document: () => loaderDocument({ action: 'pending', ...rest }),
    words: notes,
    hints: [],
    partial: false,
    isNo: pending.differs.length > 0,
  }
}

/** Shows what became of the words of a boot loader, or what is pending. */
export const loaderView = (result: LoaderResult): LoaderView =>
  result.ask === 'pending' ? pendingView(result.pending) : changedView(result.ask, result.change)
