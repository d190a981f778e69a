import type { BootPrediction } from '../../model/boot/predict-boot.ts'
import { formatSize } from '../../model/words/page-size.ts'
import { type Column, column } from '../columns.ts'

/** One of the lines, with its words about HugeTLB. */
export interface LoaderLine {
  readonly line: 'configured' | 'next-boot' | 'kexec' | 'this-boot'
  /** Where it stands. */
  readonly path: string
  readonly words: string
  readonly predicted?: BootPrediction
  /** Whether it differs from the line before it. */
  readonly differs: boolean
}

/** Pools as they are asked for: `1G=0:2,1:2 2M=0:256,1:256`; those without pages are left out. */
const poolsText = ({ pools }: BootPrediction): string =>
  pools
    .filter(({ total }) => total > 0n)
    .map(({ size, nodes }) => {
      const each = nodes.filter(({ total }) => total > 0n)
      return `${formatSize(size)}=${each.map(({ node, total }) => `${node}:${total}`).join(',')}`
    })
    .join(' ') || 'none'

export const loaderColumns: readonly Column<LoaderLine>[] = [
  {
    ...column('LINE', 'configured, next-boot, kexec or this-boot', ({ line }) => line, 'left'),
    tone: ({ differs }) => (differs ? 'wrong' : undefined),
  },
  column('WHERE', 'the file, or what was asked', ({ path }) => path, 'left'),
  column(
    'PAGES',
    'the pools that come of it, as predicted',
    ({ predicted }) => predicted && poolsText(predicted),
    'left',
  ),
  column('WORDS', 'its words about HugeTLB', ({ words }) => words || undefined, 'left'),
]
