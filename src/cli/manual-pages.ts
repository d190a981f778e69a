import { commands, findCommand } from './commands.ts'

/**
 * The manual pages by their file names: one for each command, and those that belong to no single
 * command.
 */
export const manualPages: readonly string[] = [
  'hugepool.8',
  ...commands.map(({ name }) => `hugepool-${name}.8`),
  'hugepool.toml.5',
  'hugepool-json.5',
]

const withoutSection = (page: string): string => page.replace(/\.\d$/, '')
const shortest = (page: string): string => withoutSection(page).replace(/^hugepool[-.]/, '')

/** The shortest word that names each page. */
export const shortPages: readonly string[] = manualPages.map(shortest)

/** What is printed beside the pages: the licences of all that came with the program. */
export const licencesWord = 'licences'

/** Every word that names something to print, the shortest of each. */
export const printableWords: readonly string[] = [...shortPages, licencesWord]

/** Finds the page of a command, or one by its name with or without section. */
export const findPage = (word: string): string | undefined => {
  const meant = findCommand(word)?.name ?? word
  return manualPages.find((page) => [page, withoutSection(page), shortest(page)].includes(meant))
}
