import t from 'tap'
import { machineWords, nodesWithMemory } from '../../../src/model/boot/boot-machine.ts'
import { bootMachine } from '../../helpers/predicted.ts'

t.test('which machine is meant, and where its memory is', async (t) => {
  t.equal(machineWords(bootMachine), 'this machine')
  t.equal(machineWords({ ...bootMachine, architecture: 's390x' }), 's390x')
  const bare = { node: 2, memory: 0n }
  t.strictSame(nodesWithMemory({ ...bootMachine, nodes: [...bootMachine.nodes, bare] }), [
    ...bootMachine.nodes,
  ])
})
