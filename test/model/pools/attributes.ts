import t from 'tap'
import {
  attributePath,
  compactPath,
  nodeDirectory,
  poolDirectory,
} from '../../../src/model/pools/attributes.ts'
import { M } from '../../helpers/sizes.ts'

const size = 2n * M

t.test('paths of a pool, of the machine and on a node', async (t) => {
  t.equal(poolDirectory(size), '/sys/kernel/mm/hugepages/hugepages-2048kB')
  const onNode = '/sys/devices/system/node/node3/hugepages/hugepages-2048kB'
  t.equal(poolDirectory(size, 3), onNode)
  t.equal(attributePath('demote', size, 3), `${onNode}/demote`)
  t.equal(
    attributePath('nr_hugepages', size),
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages',
  )
  t.equal(nodeDirectory(0), '/sys/devices/system/node/node0')
})

t.test('what compacts memory', async (t) => {
  t.equal(compactPath(), '/proc/sys/vm/compact_memory')
  t.equal(compactPath(0), '/sys/devices/system/node/node0/compact')
})
