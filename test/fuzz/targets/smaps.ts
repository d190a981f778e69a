import { deepStrictEqual as same } from 'node:assert/strict'
import { mapLines, smapsAreas } from '../../../src/kernel/processes/scan/map-lines.ts'
import { asOctets, type Octets } from '../../../src/model/etc/octets.ts'
import { policyInNumaMaps, taskPolicyIn } from '../../../src/model/processes/task-policy.ts'
import { readAlsoRepeated } from '../expected.ts'

const read = (text: Octets): void => {
  const begun = new Set(mapLines(text).map(({ from }) => from))
  same(
    [...smapsAreas(text).keys()].filter((from) => !begun.has(from)),
    [],
  )
  // What is said of an area is in its own lines, whatever stands before them.
  const area =
    '7f0000000000-7f0000200000 rw-s 00000000 00:27 1 /huge/a\nKernelPageSize:     2048 kB\n'
  const found = smapsAreas(asOctets(`${text}\n${area}VmFlags: rd ht \n`)).get('7f0000000000')
  same(found, { device: '00:27', pageSize: 2n ** 21n, isHuge: true, reserves: true })
  const policy = policyInNumaMaps(text)
  if ('words' in policy) same(taskPolicyIn(policy.words), policy)
}

/** /proc/PID/smaps and numa_maps. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
