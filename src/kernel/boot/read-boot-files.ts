import type { BootFiles, LoaderTraces } from '../../model/boot/loaders/boot-files.ts'
import { allTraces, loaderTable } from '../../model/boot/loaders/loader-table.ts'
import type { Octets } from '../../model/etc/octets.ts'
import { isShortage } from '../errno.ts'
import { isThere } from '../etc/etc-files.ts'
import { programDirectories } from '../program-directories.ts'
import { readArchitecture } from '../read-architecture.ts'
import { listIfPresent, readIfReadable } from '../read-attribute.ts'
import type { RunProgram } from '../run-program.ts'
import type { Tree } from '../tree.ts'

/** Treats what may not be looked at as missing: only root sees the files of some boot loaders. */
const unlessDenied = <T>(look: () => T, otherwise: T): T => {
  try {
    return look()
  } catch (error) {
    if (isShortage(error)) throw error
    return otherwise
  }
}

const namesIn = (tree: Tree, folder: string): readonly string[] =>
  unlessDenied(() => listIfPresent(tree, folder), [])

const isSeen = (tree: Tree, path: string): boolean => unlessDenied(() => isThere(tree, path), false)

const readTexts = (tree: Tree): ReadonlyMap<string, Octets> => {
  const inFolders = allTraces.folders.flatMap((folder) =>
    namesIn(tree, folder).map((name) => `${folder}/${name}`),
  )
  return new Map(
    [...allTraces.texts, ...inFolders].flatMap((path) => {
      const text = readIfReadable(tree, path)
      return text === undefined ? [] : [[path, text] as const]
    }),
  )
}

/** Finds the files of installed kernels, by release, in /boot and beside their modules. */
const findImages = (tree: Tree): ReadonlyMap<string, string> => {
  const beside = namesIn(tree, '/usr/lib/modules')
    .map((release) => [release, `/usr/lib/modules/${release}/vmlinuz`] as const)
    .filter(([, path]) => isSeen(tree, path))
  const inBoot = namesIn(tree, '/boot').flatMap((name) => {
    const release = /^vmlinuz-(\d.*)$/.exec(name)?.[1]
    return release === undefined ? [] : [[release, `/boot/${name}`] as const]
  })
  return new Map([...beside, ...inBoot])
}

type Signs = Pick<BootFiles, 'marks' | 'programs'>

/** Returns the commands to run: those of boot loaders that are here, if the program is here too. */
const questions = ({ marks, programs }: Signs): readonly (readonly string[])[] => {
  const isMeant = (traces: LoaderTraces): boolean =>
    (traces.marks ?? []).every((path) => marks.has(path))
  const asks = loaderTable.flatMap(({ traces }) => (isMeant(traces) ? (traces.asks ?? []) : []))
  const byLine = new Map(asks.map((words) => [words.join(' '), words]))
  return [...byLine.values()].filter(([program = '']) => programs.has(program))
}

const answersOf = async (
  asked: readonly (readonly string[])[],
  run: RunProgram | undefined,
): Promise<ReadonlyMap<string, string>> => {
  const answers = new Map<string, string>()
  for (const words of asked) {
    const answer = await run?.(words)
    if (answer?.status === 0) answers.set(words.join(' '), answer.stdout)
  }
  return answers
}

/**
 * Reads the signs by which boot loaders are known, and their files. Programs are asked only where
 * `run` is given: a recorded machine has none that could answer.
 */
export const readBootFiles = async (tree: Tree, run?: RunProgram): Promise<BootFiles> => {
  const marks = new Set(allTraces.marks.filter((path) => isSeen(tree, path)))
  const programs = new Set(
    allTraces.programs.filter((name) =>
      programDirectories.some((directory) => isSeen(tree, `${directory}/${name}`)),
    ),
  )
  return {
    texts: readTexts(tree),
    marks,
    programs,
    answers: await answersOf(questions({ marks, programs }), run),
    images: findImages(tree),
    release: readIfReadable(tree, '/proc/sys/kernel/osrelease')?.trim() ?? '',
    architecture: readArchitecture(tree) ?? '',
  }
}
