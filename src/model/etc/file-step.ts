import { shellWord } from './shell-word.ts'

/** One change of a file below /etc. Texts are octets; paths are as the machine names them. */
export type FileStep =
  | {
      readonly do: 'replace'
      readonly path: string
      /** What the file held when this was planned; absent where there was none. */
      readonly before?: string
      readonly after: string
      /** Where the file as it was is kept. */
      readonly backup?: string
      /** The lines for a shell that do the same. */
      readonly shell: readonly string[]
    }
  | { readonly do: 'link'; readonly path: string; readonly to: string }
  | { readonly do: 'remove'; readonly path: string; readonly before: string }
  | { readonly do: 'unlink'; readonly path: string; readonly to: string }

/** What takes a step back. A backup that was made stays. */
export const inverse = (step: FileStep): FileStep => {
  const { path } = step
  switch (step.do) {
    case 'replace':
      return step.before === undefined
        ? { do: 'remove', path, before: step.after }
        : { do: 'replace', path, before: step.after, after: step.before, shell: [] }
    case 'remove':
      return { do: 'replace', path, after: step.before, shell: [] }
    case 'link':
      return { do: 'unlink', path, to: step.to }
    case 'unlink':
      return { do: 'link', path, to: step.to }
  }
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

/** The lines for a shell that do what a step does. */
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
      return [`mkdir -p ${shellWord(parentOf(step.path))}`, `ln -s ${shellWord(step.to)} ${path}`]
    case 'remove':
    case 'unlink':
      return [`rm ${path}`]
  }
}
