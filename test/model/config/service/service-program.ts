import t from 'tap'
import {
  checkSpeakable,
  lateWords,
  programOfService,
} from '../../../../src/model/config/service/service-program.ts'
import type { MountLine } from '../../../../src/model/mounts/hugetlbfs-mount.ts'

const mount = (target: string, type = 'ext4'): MountLine => ({
  id: 1,
  parent: 0,
  device: '8:1',
  root: '/',
  target,
  flags: 'rw',
  type,
  source: 'none',
  options: 'rw',
})

const node = '/usr/bin/node'
const hugepool = '/usr/local/lib/node_modules/hugepool/bin/hugepool.js'
const words = [node, hugepool]
const mounts = (...more: readonly MountLine[]) => [mount('/'), mount('/proc', 'proc'), ...more]

const form = (lines: readonly MountLine[], kind: 'systemd' | 'openrc' | 'sysvinit' | 'runit') => {
  const placed = programOfService(words, lines, kind)
  return [placed.form, ...placed.late.map(({ path, mount: on }) => `${path} on ${on}`)]
}

t.test('a program is early on the file systems that are there first', async (t) => {
  t.strictSame(programOfService(words, mounts(), 'systemd'), { words, form: 'early', late: [] })
  t.strictSame(form(mounts(mount('/usr')), 'systemd'), ['early'])
  t.strictSame(form(mounts(mount('/usr/local')), 'systemd'), ['later', `${hugepool} on /usr/local`])
  t.strictSame(form(mounts(mount('/usr/loc'), mount('/usr/bi')), 'systemd'), ['early'])
  t.strictSame(form([], 'systemd'), ['early'], 'a chroot has no line for its root')
  t.strictSame(form(mounts(mount('/usr/bin'), mount('/usr/local')), 'systemd'), [
    'later',
    `${node} on /usr/bin`,
    `${hugepool} on /usr/local`,
  ])
})

t.test('other inits mount /usr themselves, or have no early place', async (t) => {
  t.strictSame(form(mounts(), 'openrc'), ['early'])
  t.strictSame(form(mounts(mount('/usr')), 'openrc'), [
    'later',
    `${node} on /usr`,
    `${hugepool} on /usr`,
  ])
  for (const kind of ['sysvinit', 'runit'] as const) t.strictSame(form(mounts(), kind), ['later'])
})

t.test('why it is later', async (t) => {
  t.strictSame(lateWords(programOfService(words, mounts(mount('/usr/local')), 'systemd')), [
    `${hugepool} is on /usr/local, which is mounted after / and /usr: the service waits for it`,
  ])
  t.strictSame(lateWords(programOfService(words, mounts(), 'systemd')), [])
})

const refused = (type: string, kind: 'systemd' | 'runit' = 'systemd') => {
  try {
    programOfService(words, mounts(mount('/usr/local', type)), kind)
    return undefined
  } catch (error) {
    const { code, reason, message, hint } = error as Record<string, unknown>
    return { code, reason, message, hint }
  }
}

t.test('what the network or memory holds is not there at a start', async (t) => {
  const hint = 'install node and hugepool below /usr, or on a file system of this machine'
  const where = { code: 'E_REFUSED', reason: 'wrong-place', hint }
  for (const type of ['nfs4', 'nfs', 'cifs', 'fuse.sshfs', 'ceph', '9p'])
    t.strictSame(refused(type), {
      ...where,
      message: `${hugepool} is on /usr/local, which needs the network (${type})`,
    })
  for (const type of ['tmpfs', 'ramfs'])
    t.strictSame(refused(type, 'runit'), {
      ...where,
      message: `${hugepool} is on /usr/local, which is empty at a start (${type})`,
    })
  for (const type of ['ext4', 'xfs', 'btrfs', 'overlay', 'squashfs', 'nfsd', 'fuse.nothing'])
    t.equal(refused(type), undefined, type)
})

t.test('a root in memory is that of the image that was started', async (t) => {
  t.hasStrict(programOfService(words, [mount('/', 'tmpfs')], 'systemd'), { form: 'early' })
  t.hasStrict(programOfService(words, [mount('/', 'nfs')], 'systemd'), { form: 'early' })
})

t.test('the mount on top is the one that counts', async (t) => {
  const twice = mounts(mount('/usr/local', 'tmpfs'), mount('/usr/local', 'ext4'))
  t.strictSame(form(twice, 'systemd'), ['later', `${hugepool} on /usr/local`])
})

t.test('paths that no unit and no script can name are refused', async (t) => {
  for (const path of ['/a\nb', '/a$b', '/a`b', '/a"b', '/a\\b', '/a\tb', '/a\u202eb', 'node'])
    t.throws(() => checkSpeakable(['/usr/bin/node', path]), {
      code: 'E_REFUSED',
      reason: 'wrong-place',
      message: `${JSON.stringify(path)} cannot be named in a service`,
      hint: 'install node and hugepool in directories with plain names',
    })
  for (const path of ['/a b', "/it's", '/100%', '/\u00e4']) checkSpeakable([path])
})
