import { usage } from '../../errors.ts'
import { holderLines } from '../../model/umount-holder.ts'
import { unmountedWords } from '../../model/umount-report.ts'
import {
  type UmountRequest,
  type UmountResult,
  umount as umountHugetlbfs,
} from '../../operations/umount.ts'
import { gridOf } from '../../output/grid.ts'
import { umountDocument } from '../../output/umount-document.ts'
import { umountColumns } from '../../output/umount-rows.ts'
import type { View } from '../../output/view.ts'
import { commandsView } from '../change-view.ts'
import { define, type Words } from '../command.ts'
import { dryRun, lazy } from '../option.ts'

interface Request extends UmountRequest {
  readonly dryRun: boolean
}

const resolve = ({ operands: [directory = ''], switches }: Words): Request => {
  if (directory === '' || directory.includes('\0')) throw usage(`'${directory}' is not a directory`)
  return {
    directory,
    lazy: switches.has(lazy.name),
    dryRun: switches.has(dryRun.name),
  }
}

const view = (result: UmountResult): View => {
  if (result.kind === 'dry-run')
    return { ...commandsView([result.line]), words: result.words, hints: result.hints }
  const { unmounted, pools } = result
  return {
    grid: (names, style) => gridOf({ columns: umountColumns, rows: [unmounted] }, names, style),
    document: umountDocument(unmounted, pools),
    words: unmountedWords(unmounted),
    hints: unmounted.keepers.found.length > 0 ? holderLines(unmounted.keepers) : [],
    partial: false,
  }
}

export const umount = define<Request, UmountResult>({
  name: 'umount',
  aliases: [],
  summary: 'unmount hugetlbfs and tell what came back to the pool',
  details: [
    'Takes the topmost mount on DIR, and nothing but hugetlbfs. Its files go away with it. Where',
    'it is busy, those who hold it are named, as far as permission allows to see them.',
  ],
  operands: { usage: 'DIR', least: 1, most: 1, completes: 'mount' },
  options: [lazy, dryRun],
  columns: umountColumns,
  examples: [
    { line: 'hugepool umount /mnt/huge', meaning: 'its pages come back to the pool' },
    { line: 'hugepool umount /mnt/huge --lazy', meaning: 'even if it is busy' },
    { line: 'hugepool umount /mnt/huge --dry-run', meaning: 'who holds it?' },
  ],
  shown: () => umountColumns.map(({ name }) => name),
  resolve,
  run: (request, ports) => umountHugetlbfs(ports, request, request),
  view,
})
