import t from 'tap'
import { containersWithoutLimits } from '../../../src/kernel/processes/container-cgroups.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

const id = 'f0'.repeat(32)
const all = 'cpuset cpu io memory hugetlb pids\n'
const some = 'cpuset cpu io memory pids\n'

const look = (
  t: Parameters<typeof writerStage>[0],
  groups: Readonly<Record<string, string>>,
  root = all,
) => {
  const files = Object.entries({ '': root, ...groups }).map(([group, text]) => [
    `/sys/fs/cgroup${group}/cgroup.controllers`,
    text,
  ])
  return containersWithoutLimits(
    writerStage(t, {
      '/proc/self/mountinfo': '40 28 0:40 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
      '/proc/self/cgroup': '0::/\n',
      ...Object.fromEntries(files),
    }).tree,
  )
}

t.test('groups of containers without the controller', async (t) => {
  const groups = {
    '/kubepods': some,
    '/kubepods.slice': '',
    '/docker': some,
    '/libpod_parent': 'hugetlbx\n',
    '/dockers': some,
    '/user.slice': some,
    '/system.slice/nginx.service': some,
    [`/system.slice/docker-${id}.scope`]: some,
    [`/system.slice/crio-${id}.scope`]: all,
    [`/system.slice/libpod-${id.slice(1)}.scope`]: some,
    [`/system.slice/libpod-conmon-${id}.scope`]: some,
  }
  t.strictSame([...look(t, groups)].sort(), [
    '/docker',
    '/kubepods',
    '/kubepods.slice',
    '/libpod_parent',
    `/system.slice/docker-${id}.scope`,
  ])
  t.strictSame(look(t, groups, some), [], 'the kernel has none')
  t.strictSame(look(t, { '/kubepods.slice': all }), [])
  t.strictSame(look(t, {}), [])
})

t.test('without the second version', async (t) => {
  t.strictSame(containersWithoutLimits(writerStage(t, {}).tree), [])
})
