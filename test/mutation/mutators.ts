import ts from 'typescript'
import { isLimit, isSign } from './same.ts'

/** One change of a source: the characters from `start` to `end` become `after`. */
export interface Mutation {
  readonly kind: string
  readonly start: number
  readonly end: number
  readonly after: string
}

/** What a mutator makes of a node: the part that is replaced, and by what. */
type Replaced = readonly [part: ts.Node, after: string]

type Mutator = (node: ts.Node, text: (part: ts.Node) => string) => readonly Replaced[]

const swapped: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '<<': '>>',
  '>>': '<<',
  '&': '|',
  '|': '&',
  '+=': '-=',
  '-=': '+=',
  '&&': '||',
  '||': '&&',
}

const operator: Mutator = (node) => {
  if (!ts.isBinaryExpression(node) || isLimit(node)) return []
  const after = swapped[node.operatorToken.getText()]
  return after === undefined ? [] : [[node.operatorToken, after]]
}

const missing: Mutator = (node, text) =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
    ? [
        [node, text(node.left)],
        [node, text(node.right)],
      ]
    : []

const boolean: Mutator = (node) => {
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, 'false']]
  return node.kind === ts.SyntaxKind.FalseKeyword ? [[node, 'true']] : []
}

const constant: Mutator = (node, text) => {
  if ((!ts.isNumericLiteral(node) && !ts.isBigIntLiteral(node)) || isSign(node)) return []
  const suffix = ts.isBigIntLiteral(node) ? 'n' : ''
  const digits = text(node).replaceAll('_', '').replace(/n$/, '')
  if (!/^\d+$|^0[xob]/.test(digits)) return []
  const value = BigInt(digits)
  return [value + 1n, ...(value > 0n ? [value - 1n] : [])].map((n) => [node, `${n}${suffix}`])
}

/** Words with a blank between them are prose, which tests need not repeat. */
const isProse = (words: string): boolean =>
  words === '' || /\p{L}{2,}[,.;:]? |\p{L} \p{L}/u.test(words)

const string: Mutator = (node, text) => {
  if (ts.isTemplateExpression(node)) {
    const words = text(node).replaceAll(/\$\{[^}]*\}/g, '')
    return isProse(words) || / \p{L}{2,}/u.test(words) ? [] : [[node, '``']]
  }
  if (!ts.isStringLiteralLike(node) || isProse(node.text)) return []
  const isName = ts.isPropertyAssignment(node.parent) && node.parent.name === node
  return isName ? [] : [[node, "''"]]
}

const anchor: Mutator = (node, text) => {
  if (!ts.isRegularExpressionLiteral(node)) return []
  const [, pattern = '', flags = ''] = /^\/(.*)\/(\w*)$/s.exec(text(node)) ?? []
  const loosened = [pattern.replace(/^\^/, ''), pattern.replace(/(?<!\\)\$$/, '')]
  return loosened
    .filter((each) => each !== pattern && each !== '')
    .map((each) => [node, `/${each}/${flags}`])
}

const statement: Mutator = (node) => (ts.isExpressionStatement(node) ? [[node, ';']] : [])

/** The function that a return statement ends. */
const endedBy = (node: ts.Node): ts.SignatureDeclaration | undefined => {
  const found = ts.findAncestor(node.parent, ts.isFunctionLike)
  return found && ts.isFunctionLike(found) ? found : undefined
}

const value: Mutator = (node) =>
  ts.isReturnStatement(node) &&
  node.expression !== undefined &&
  node.expression.getText() !== 'undefined' &&
  /\bundefined\b/.test(endedBy(node)?.type?.getText() ?? '')
    ? [[node.expression, 'undefined']]
    : []

const branch: Mutator = (node, text) => {
  if (ts.isConditionalExpression(node))
    return [[node, `${text(node.condition)} ? ${text(node.whenFalse)} : ${text(node.whenTrue)}`]]
  if (!ts.isIfStatement(node)) return []
  return [
    [node.expression, `!(${text(node.expression)})`],
    [node.expression, 'false'],
  ]
}

const negation: Mutator = (node, text) =>
  ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken
    ? [[node, text(node.operand)]]
    : []

const otherCalls: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
])

const call: Mutator = (node, text) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return []
  const { name, expression } = node.expression
  const other = otherCalls.get(name.text)
  if (other !== undefined) return [[name, other]]
  const [test] = node.arguments
  if (name.text !== 'filter' || test === undefined) return []
  return [
    [test, `(...given) => !(${text(test)})(...given)`],
    [node, text(expression)],
  ]
}

const list: Mutator = (node) =>
  ts.isArrayLiteralExpression(node) && node.elements.length > 0 ? [[node, '[]']] : []

const mutators: Readonly<Record<string, Mutator>> = {
  operator,
  missing,
  boolean,
  constant,
  string,
  anchor,
  statement,
  value,
  branch,
  negation,
  call,
  list,
}

/** Types say nothing that runs, and the words of an import are no behaviour. */
const isSkipped = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node)

/** Every mutation of a source, in the order of the text. */
export const mutationsOf = (source: string): readonly Mutation[] => {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2023, true)
  const found: Mutation[] = []
  const visit = (node: ts.Node): void => {
    if (isSkipped(node)) return
    for (const [kind, mutate] of Object.entries(mutators))
      for (const [part, after] of mutate(node, (each) => each.getText(file)))
        found.push({ kind, start: part.getStart(file), end: part.getEnd(), after })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

export const mutated = (source: string, { start, end, after }: Mutation): string =>
  `${source.slice(0, start)}${after}${source.slice(end)}`

/** The number of the line that a mutation begins in, from 1, and its text. */
export const lineOf = (source: string, { start }: Mutation): { line: number; text: string } => {
  const line = source.slice(0, start).split('\n').length
  return { line, text: source.split('\n')[line - 1]?.trim() ?? '' }
}

const short = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}

/** A mutation in words: what stood there, and what stands there instead. */
export const wordsOf = (source: string, { start, end, after }: Mutation): string =>
  `${short(source.slice(start, end))} -> ${short(after)}`
