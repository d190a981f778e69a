import { plainName, splitLine } from '../../boot/command-line.ts'
import { freesVmemmap } from '../../boot/free-vmemmap-word.ts'
import type { LineTarget } from '../../boot/line-request.ts'
import { predictBoot } from '../../boot/predict-boot.ts'
import { pathOfSetting } from '../tune/tuned-settings.ts'
import type { FoundWriter } from './writer.ts'

type SetFile = Required<Pick<FoundWriter, 'path' | 'value'>>

/**
 * The kernel takes these values of transparent_hugepage alone, and of several words the last
 * (mm/huge_memory.c).
 */
const thpWords: readonly (string | undefined)[] = ['always', 'madvise', 'never']

const thpOn = (line: string): readonly SetFile[] => {
  const values = splitLine(line).words.flatMap(({ name, value }) =>
    plainName(name) === 'transparent_hugepage' && thpWords.includes(value) ? (value ?? []) : [],
  )
  return values.slice(-1).map((value) => ({ path: pathOfSetting('thp'), value }))
}

const freeVmemmapOn = (line: string, { series, machine }: LineTarget): readonly SetFile[] => {
  const isOn = freesVmemmap(predictBoot(line, series, machine), series)
  if (isOn === undefined) return []
  return [{ path: pathOfSetting('free-vmemmap'), value: isOn ? '1' : '0' }]
}

/** Finds the settings of `tune` that words of a command line set, without the words of sysctls. */
export const settingsOnLine = (line: string, target: LineTarget): readonly SetFile[] => [
  ...thpOn(line),
  ...freeVmemmapOn(line, target),
]
