import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { lookAtKubelet } from '../../../src/operations/doctor/look-at-kubelet.ts'
import { noting } from '../../../src/operations/doctor/note-errors.ts'
import { scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

const file = '/var/lib/kubelet/memory_manager_state'
const config = '/var/lib/kubelet/config.yaml'

/** What is found below a root, and what is noted. */
const look = (root: string) => {
  const see = noting()
  const found = lookAtKubelet(directoryTree(root), 9, see)
  return { found, unseen: see.unseen() }
}

const lookAtText = (root: string, text: string) => {
  scratch(root, { [file]: text, [config]: 'systemReserved:\n  hugepages-2Mi: 64Mi\n' })
  return look(root)
}

const kept = new Map([[2n * M, 64n * M]])

/** As the memory manager of Kubernetes 1.32 writes it. */
const counted = `{"policyName":"Static","machineState":{"0":{"numberOfAssignments":0,"memoryMap":{"hugepages-1Gi":{"total":0,"systemReserved":0,"allocatable":0,"reserved":0,"free":0},"hugepages-2Mi":{"total":4194304,"systemReserved":2097152,"allocatable":2097152,"reserved":0,"free":2097152},"memory":{"total":16767877120,"systemReserved":1153433600,"allocatable":15610249216,"reserved":0,"free":15610249216}},"cells":[0]}},"entries":{},"checksum":2347281041}`

t.test('what a kubelet counts, and what it keeps', async (t) => {
  t.strictSame(lookAtText(temporary(t), counted), {
    found: {
      pid: 9,
      file,
      config,
      counted: new Map([
        [1024n * M, 0n],
        [2n * M, 4n * M],
      ]),
      kept,
    },
    unseen: [],
  })
})

t.test('a file that counts nothing is read, and nothing is noted', async (t) => {
  const root = temporary(t)
  const found = { pid: 9, file, config, kept }
  const none = '{"policyName":"None","machineState":{},"entries":{},"checksum":1353318690}'
  t.strictSame(lookAtText(root, none), { found, unseen: [] })
  t.strictSame(lookAtText(root, '?'), { found, unseen: [] })
})

t.test('a file that is not there, or cannot be read, is noted', async (t) => {
  const unseen = (state: string, settings: string) => [
    `${state}: cannot be read: what the kubelet counts is not known`,
    `${settings}: cannot be read: what the kubelet keeps from pods is not known`,
  ]
  const root = temporary(t)
  t.strictSame(look(root), { found: { pid: 9, file, config }, unseen: unseen(file, config) })
  mkdirSync(join(root, file), { recursive: true })
  mkdirSync(join(root, config), { recursive: true })
  t.strictSame(look(root), { found: { pid: 9, file, config }, unseen: unseen(file, config) })
})

t.test('the files that the words of the kubelet name', async (t) => {
  const root = temporary(t)
  scratch(root, {
    '/proc/9/cmdline': '/usr/bin/kubelet\0--config=/etc/k.json\0--root-dir\0/srv/k\0',
    '/srv/k/memory_manager_state': counted,
    '/etc/k.json': '{"kubeReserved":{"hugepages-2Mi":"64Mi"}}',
  })
  const { found, unseen } = look(root)
  t.strictSame(
    [found.file, found.config, found.kept, unseen],
    ['/srv/k/memory_manager_state', '/etc/k.json', kept, []],
  )
})
