import { cmaOfWord } from '../boot/cma-request.ts'
import { freesVmemmap } from '../boot/free-vmemmap-word.ts'
import type { CmaRequest } from '../boot/line-request.ts'
import type { BootPrediction } from '../boot/predict-boot.ts'
import { formatBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'
import { sum } from '../words/sum.ts'
import type { ConfiguredBoot } from './configuration.ts'
import type { DesiredParameter } from './desired-parameter.ts'

const defaultSizeParameter = (size: PageSize): DesiredParameter => ({
  named: {
    attribute: 'default-page-size',
    key: 'boot.default-page-size',
    wanted: { bytes: size },
    essential: true,
  },
  request: { assignments: [], defaultSize: size },
  compare: ({ told: { defaultSize } }) => ({
    found: { bytes: defaultSize },
    isSame: defaultSize === size,
  }),
})

const switchWord = (on: boolean): string => (on ? 'on' : 'off')

/**
 * Makes the parameter for page structs to be freed or kept. Where the line says nothing of them, `shown`
 * is what the kernel does.
 */
const freeVmemmapParameter = (wanted: boolean, shown: boolean): DesiredParameter => ({
  named: {
    attribute: 'free-vmemmap',
    key: 'boot.free-vmemmap',
    wanted: switchWord(wanted),
    essential: true,
  },
  request: { assignments: [], freeVmemmap: wanted },
  compare: ({ told, series }) => {
    const found = freesVmemmap(told, series) ?? shown
    return { found: switchWord(found), isSame: found === wanted }
  },
})

const areasText = (areas: BootPrediction['areas'], byNode: boolean): string => {
  if (sum(areas.values()) === 0n) return 'none'
  return byNode
    ? [...areas].map(([node, bytes]) => `${node}:${formatBytes(bytes)}`).join(',')
    : formatBytes(sum(areas.values()))
}

const areAsAsked = (
  areas: BootPrediction['areas'],
  { total, nodes = new Map() }: CmaRequest,
): boolean =>
  sum(areas.values()) === total &&
  [...nodes].every(([node, bytes]) => (areas.get(node) ?? 0n) === bytes)

const cmaParameter = (wanted: string): DesiredParameter => {
  const cma = cmaOfWord(wanted)
  return {
    named: { attribute: 'cma', key: 'boot.cma', wanted, essential: true },
    request: { assignments: [], cma },
    compare: ({ told: { areas } }) => ({
      found: areasText(areas, cma.nodes !== undefined),
      isSame: areAsAsked(areas, cma),
    }),
  }
}

/**
 * Returns what the table `[boot]` wants of a kernel command line. `freesNow` says whether the
 * running kernel frees the page structs of huge pages, for which no word has to stand on its line.
 */
export const desiredBootParameters = (
  { defaultPageSize, freeVmemmap, cma }: ConfiguredBoot,
  freesNow: boolean,
): readonly DesiredParameter[] => [
  ...(defaultPageSize === undefined ? [] : [defaultSizeParameter(defaultPageSize)]),
  ...(freeVmemmap === undefined ? [] : [freeVmemmapParameter(freeVmemmap, freesNow)]),
  ...(cma === undefined ? [] : [cmaParameter(cma)]),
]
