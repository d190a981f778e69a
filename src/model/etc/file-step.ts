import { directoryAbove } from './path-parts.ts'
import { shellWord } from './shell-word.ts'

/** One change of a file below /etc. Texts are octets. Paths are those that the machine uses. */
export type FileStep =
  | {
      readonly do: 'replace'
      readonly path: string
      /** The content of the file when the step was planned; absent where there was no file. */
      readonly before?: string
      readonly after: string
      /** The mode of a new file; 0644 otherwise. A file that is there keeps its mode. */
      readonly mode?: number
      /** Whose a new file is where it was there before. A file that is there keeps its owner. */
      readonly owner?: { readonly uid: number; readonly gid: number }
      /**
       * Whether all missing directories above a new file are made. Without this only the one is
       * made in which the file lies.
       */
      readonly parents?: true
      /** The path to which the previous content is copied. */
      readonly backup?: string
      /** Shell lines that make the same change. */
      readonly shell: readonly string[]
    }
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  | { readonly do: 'remove'; readonly path: string; readonly before: string }
  | { readonly do: 'unlink'; readonly path: string; readonly to: string }

/** Whose a file is, and its mode. */
export interface Possession {
  readonly mode: number
  readonly owner: { readonly uid: number; readonly gid: number }
}

/**
 * Returns the step that undoes a step. A backup that was made stays where it is. A file that is removed is
 * made again as it was before.
 */
export const inverse = (step: FileStep, before?: Possession): FileStep => {
  const { path } = step
  switch (step.do) {
    case 'replace':
      return step.before === undefined
        ? { do: 'remove', path, before: step.after }
        : { do: 'replace', path, before: step.after, after: step.before, shell: [] }
    case 'remove':
      return { do: 'replace', path, after: step.before, ...before, shell: [] }
    case 'link':
      return { do: 'unlink', path, to: step.to }
    case 'unlink':
      return { do: 'link', path, to: step.to }
  }
}

/** Returns the shell lines that do what a step does. */
export const shellLines = (step: FileStep): readonly string[] => {
  const path = shellWord(step.path)
  switch (step.do) {
    case 'replace':
      return [
        ...(step.backup === undefined || step.before === undefined
          ? []
          : [`cp -p ${path} ${shellWord(step.backup)}`]),
        ...step.shell,
      ]
    case 'link':
      return [
        `mkdir -p ${shellWord(directoryAbove(step.path))}`,
        `ln -s ${shellWord(step.to)} ${path}`,
      ]
    case 'remove':
    case 'unlink':
      return [`rm ${path}`]
  }
}
