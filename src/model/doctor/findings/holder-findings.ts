import type { HugeFile } from '../../processes/files/huge-file.ts'
import { whyUnexplained } from '../../processes/who/book-words.ts'
import type { Pages } from '../../words/count.ts'
import { formatSize } from '../../words/page-size.ts'
import { plural } from '../../words/plural.ts'
import type { KnownMachine } from './known-machine.ts'
import type { UnnamedFinding } from './machine-finding.ts'

export const pagesUnexplained = ({ holding }: KnownMachine): readonly UnnamedFinding[] =>
  (holding?.books ?? [])
    .filter(({ unexplained }) => unexplained > 0n)
    .map((books) => ({
      level: 'warning',
      what: `${plural(books.unexplained, 'page')} of ${formatSize(books.size)} ${books.unexplained === 1n ? 'is' : 'are'} in use by nobody who was found: ${holding === undefined ? '' : whyUnexplained(books, holding.found)}`,
      hints: [`'hugepool who ${formatSize(books.size)} --all' shows everybody who may have them`],
    }))

const filePages = (files: readonly HugeFile[]): Pages =>
  files.reduce((sum, { pages }) => sum + pages, 0n)

const leftOn = (files: readonly HugeFile[], mount: string): readonly HugeFile[] =>
  files.filter((file) => file.mount === mount)

export const filesLeft = ({ holding }: KnownMachine): readonly UnnamedFinding[] => {
  const left = holding?.left ?? []
  const mounts = [...new Set(left.map(({ mount }) => mount))]
  return mounts
    .map((mount) => ({ mount, files: leftOn(left, mount) }))
    .map(({ mount, files }) => ({
      level: 'warning',
      what: `${plural(files.length, 'file')} on ${mount} ${files.length === 1 ? 'keeps' : 'keep'} ${plural(filePages(files), 'page')} of ${formatSize(files[0]?.pageSize ?? 0n)}, and nobody has ${files.length === 1 ? 'it' : 'them'}`,
      hints: ["'hugepool files --clean --dry-run' shows what can be removed"],
    }))
}
