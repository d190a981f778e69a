import t from 'tap'
import { HugepoolError } from '../../../src/errors.ts'
import { numactlOption, parsePolicy, policyModes } from '../../../src/model/words/policy.ts'
import * as fc from '../../helpers/property.ts'

t.test('every policy', async (t) => {
  t.strictSame(parsePolicy('bind:1'), { mode: 'bind', nodes: [1] })
  t.strictSame(parsePolicy('interleave:0-1,3'), { mode: 'interleave', nodes: [0, 1, 3] })
  t.strictSame(parsePolicy('preferred:0'), { mode: 'preferred', nodes: [0] })
  t.strictSame(policyModes, { preferred: 1, bind: 2, interleave: 3 }, 'as linux/mempolicy.h has it')
})

t.test('anything else is an error of usage', async (t) => {
  const wrong: Readonly<Record<string, RegExp>> = {
    '': /is not a memory policy/,
    bind: /is not a memory policy/,
    ':0': /is not a memory policy/,
    'Bind:0': /is not a memory policy/,
    'local:0': /is not a memory policy/,
    'toString:0': /is not a memory policy/,
    'bind:': /'' is not a list of nodes/,
    'bind:x': /'x' is not a list of nodes/,
    'bind:0:1': /'0:1' is not a list of nodes/,
    'bind:0,0': /names node 0 twice/,
    'bind:all': /has to name its nodes/,
    'preferred:0-1': /prefers more than one node/,
  }
  for (const [text, message] of Object.entries(wrong))
    t.throws(() => parsePolicy(text), { code: 'E_USAGE', message }, text)
})

t.test('numactl is given the same policy', async (t) => {
  t.equal(numactlOption(parsePolicy('bind:1')), '--membind=1')
  t.equal(numactlOption(parsePolicy('interleave:0-1')), '--interleave=0-1')
  t.equal(numactlOption(parsePolicy('preferred:0')), '--preferred=0')
})

t.test('any text is refused or names a mode and nodes', async () => {
  const near = fc.stringMatching(/^(bind|interleave|preferred)?:?[0-9,-]{0,6}$/)
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      try {
        const { mode, nodes } = parsePolicy(text)
        return text.startsWith(`${mode}:`) && nodes.length > 0
      } catch (error) {
        return error instanceof HugepoolError && error.code === 'E_USAGE'
      }
    }),
  )
})
