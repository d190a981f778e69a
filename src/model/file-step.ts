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
  | { readonly do: 'unlink'; readonly path: string }

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
