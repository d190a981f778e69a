import { join } from 'node:path'
import ts from 'typescript'

const settings = (top: string): ts.ParsedCommandLine => {
  const path = join(top, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, ts.sys, top)
}

/** What is left unused by a mutation says nothing about whether it can stand. */
const lenient: ts.CompilerOptions = {
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
}

/**
 * The compiler as a judge of mutants: given texts for some files (paths from the top of the
 * checkout), it names those that do not compile. One run judges a mutant of every file.
 */
export const compilerOf = (top: string) => {
  const { options } = settings(top)
  const usual = ts.createCompilerHost({ ...options, ...lenient })
  const known = new Map<string, ts.SourceFile | undefined>()
  return (texts: ReadonlyMap<string, string>): ReadonlySet<string> => {
    const replaced = new Map([...texts].map(([file, text]) => [join(top, file), text]))
    const host: ts.CompilerHost = {
      ...usual,
      getSourceFile: (path, target) => {
        const text = replaced.get(path)
        if (text !== undefined) return ts.createSourceFile(path, text, target, true)
        if (!known.has(path)) known.set(path, usual.getSourceFile(path, target))
        return known.get(path)
      },
    }
    const roots = [...replaced.keys()]
    const program = ts.createProgram(roots, { ...options, ...lenient }, host)
    const refused = [...texts.keys()].filter((file) => {
      const source = program.getSourceFile(join(top, file))
      if (source === undefined) throw new Error(`the compiler does not know ${file}`)
      const diagnostics = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ]
      return diagnostics.length > 0
    })
    return new Set(refused)
  }
}
