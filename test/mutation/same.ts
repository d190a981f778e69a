import ts from 'typescript'

const isOrder = (text: string): boolean => text === '1' || text === '-1'

/** A number that only its sign is read of: the `-1` of `a < b ? -1 : 1`. */
export const isSign = (node: ts.Node): boolean => {
  const value = ts.isPrefixUnaryExpression(node.parent) ? node.parent : node
  const { parent } = value
  return (
    ts.isConditionalExpression(parent) &&
    isOrder(parent.whenTrue.getText()) &&
    isOrder(parent.whenFalse.getText())
  )
}

const comparisons: readonly string[] = ['<', '<=', '>', '>=']

/**
 * A comparison whose sides may be equal without a difference: `a > b ? a : b`, or `a > b ? a - b : 0n`.
 */
export const isLimit = (node: ts.BinaryExpression): boolean => {
  const { parent } = node
  if (!ts.isConditionalExpression(parent) || parent.condition !== node) return false
  const [left, right] = [node.left.getText(), node.right.getText()]
  const [whenTrue, whenFalse] = [parent.whenTrue.getText(), parent.whenFalse.getText()]
  const isOneOfThem = new Set([left, right, whenTrue, whenFalse]).size === 2
  const isRest = whenTrue === `${left} - ${right}` && /^0n?$/.test(whenFalse)
  return comparisons.includes(node.operatorToken.getText()) && (isOneOfThem || isRest)
}
