import t from 'tap'
import { loadStateIn, slicePath, unitSettingsOf } from '../../../src/model/doctor/unit-settings.ts'

t.test('a unit that runs', async (t) => {
  const text = [
    'LoadState=loaded',
    'MainPID=77',
    'ControlGroup=/system.slice/pg.service',
    'Slice=system.slice',
    'User=postgres',
    'Group=',
    'SupplementaryGroups=huge ssl',
    'LimitMEMLOCKSoft=8388608',
    'LimitFSIZESoft=infinity',
    'LimitASSoft=infinity',
    'LimitDATASoft=18446744073709551615',
    'NUMAPolicy=n/a',
    'NUMAMask=',
  ].join('\n')
  t.strictSame(unitSettingsOf(text), {
    pid: 77,
    group: '/system.slice/pg.service',
    slice: 'system.slice',
    user: 'postgres',
    groups: ['huge', 'ssl'],
    ambient: 0n,
    limits: {
      addressSpace: 'unlimited',
      dataSize: 18446744073709551615n,
      fileSize: 'unlimited',
      memlock: 8388608n,
    },
  })
})

t.test('one that is not started, and none at all', async (t) => {
  t.strictSame(unitSettingsOf('LoadState=loaded\nMainPID=0\nControlGroup=\nUser=\nGroup=pg\n'), {
    slice: '-.slice',
    userGroup: 'pg',
    groups: [],
    ambient: 0n,
    limits: {},
  })
  t.equal(unitSettingsOf('LoadState=not-found\n'), undefined)
  t.equal(unitSettingsOf('LoadState=masked\nMainPID=0\n'), undefined)
  t.equal(unitSettingsOf('LoadState=masked\nMainPID=1\n')?.pid, 1, 'it runs nevertheless')
  t.equal(loadStateIn('MainPID=0\nLoadState=masked\n'), 'masked')
  t.equal(loadStateIn('LoadState=\n'), 'not-found')
  t.equal(loadStateIn(''), 'not-found')
})

t.test('the memory policy of a unit', async (t) => {
  const found = (...lines: readonly string[]) =>
    unitSettingsOf(['LoadState=loaded', ...lines].join('\n'))?.policy
  t.strictSame(found('NUMAPolicy=bind', 'NUMAMask=0 2-3'), {
    words: 'bind:0,2-3',
    policy: { mode: 'bind', nodes: [0, 2, 3] },
  })
  t.strictSame(found('NUMAPolicy=preferred', 'NUMAMask=1'), {
    words: 'prefer:1',
    policy: { mode: 'preferred', nodes: [1] },
  })
  t.strictSame(found('NUMAPolicy=local', 'NUMAMask='), { words: 'local' })
  t.strictSame(found('NUMAPolicy=local'), { words: 'local' })
  t.equal(found('NUMAMask=1'), undefined)
})

t.test('where a slice is', async (t) => {
  t.equal(slicePath('-.slice'), '/')
  t.equal(slicePath('system.slice'), '/system.slice')
  t.equal(slicePath('a-b-c.slice'), '/a.slice/a-b.slice/a-b-c.slice')
})

t.test('users and capabilities', async (t) => {
  const found = (...lines: readonly string[]) => {
    const text = ['LoadState=loaded', ...lines].join('\n')
    const { user, userGroup, ambient, bounds } = unitSettingsOf(text) ?? {}
    return { user, userGroup, ambient, bounds }
  }
  const plain = { user: 'db', userGroup: 'db', ambient: 0n, bounds: undefined }
  const names = ['User=db', 'Group=db']
  t.strictSame(found(...names, 'DynamicUser=no'), plain)
  const madeUp = { ...plain, user: '61184', userGroup: undefined }
  t.strictSame(found(...names, 'DynamicUser=yes'), madeUp)
  t.strictSame(found('User=db', 'Group=huge', 'DynamicUser=yes'), { ...madeUp, userGroup: 'huge' })
  t.strictSame(
    found(...names, 'AmbientCapabilities=cap_ipc_lock', 'CapabilityBoundingSet=cap_dac_override'),
    { ...plain, ambient: 1n << 14n, bounds: 2n },
  )
  t.equal(found('CapabilityBoundingSet=').bounds, 0n)
})
