import t from 'tap'
import { applyUnitText } from '../../../../src/model/config/service/apply-unit.ts'
import type { ServiceProgram } from '../../../../src/model/config/service/service-program.ts'

const words = ['/usr/bin/node', '/usr/lib/node_modules/hugepool/bin/hugepool.js']
const early: ServiceProgram = { words, form: 'early', late: [] }

const rest = `ConditionPathExists=/sys/kernel/mm/hugepages
ConditionPathExists=!/proc/vmcore
ConditionVirtualization=!container

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/node /usr/lib/node_modules/hugepool/bin/hugepool.js apply --boot
ExecReload=/usr/bin/node /usr/lib/node_modules/hugepool/bin/hugepool.js apply
TimeoutStartSec=10min
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_SYS_NICE
NoNewPrivileges=yes
LockPersonality=yes
ProtectClock=yes
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service @mount @pkey
SystemCallErrorNumber=EPERM
IPAddressDeny=any
KeyringMode=private
UMask=0022

[Install]
WantedBy=sysinit.target
`

const head = `# Written by hugepool; 'hugepool service remove' removes it.
[Unit]
Description=Apply the hugepage configuration
Documentation=man:hugepool-apply(8) man:hugepool.toml(5)
DefaultDependencies=no
Conflicts=shutdown.target
`

t.test('an early unit comes before everything that is mounted', async (t) => {
  t.equal(
    applyUnitText(early),
    `${head}Wants=local-fs-pre.target
After=systemd-modules-load.service systemd-sysctl.service
Before=dev-hugepages.mount local-fs-pre.target sysinit.target shutdown.target
${rest}`,
  )
})

t.test('a later unit waits for what its program is on', async (t) => {
  t.equal(
    applyUnitText({ ...early, form: 'later' }),
    `${head}RequiresMountsFor=/usr/bin /usr/lib/node_modules/hugepool/bin
After=systemd-modules-load.service systemd-sysctl.service local-fs.target
Before=systemd-tmpfiles-setup.service sysinit.target shutdown.target
${rest}`,
  )
})

t.test('paths are words of a unit', async (t) => {
  const text = applyUnitText({
    words: ['/opt/my node/%n/node', "/x/it's/hugepool.js"],
    form: 'later',
    late: [],
  })
  t.strictSame(
    text.split('\n').filter((line) => /^(?:Exec|RequiresMounts)/.test(line)),
    [
      `RequiresMountsFor="/opt/my node/%%n" "/x/it's"`,
      `ExecStart="/opt/my node/%%n/node" "/x/it's/hugepool.js" apply --boot`,
      `ExecReload="/opt/my node/%%n/node" "/x/it's/hugepool.js" apply`,
    ],
  )
})

t.test('a program at the root of the machine', async (t) => {
  const text = applyUnitText({ words: ['/node', '/hugepool.js'], form: 'later', late: [] })
  t.match(text, /^RequiresMountsFor=\/ \/$/m)
})

/** What gives a unit mounts of its own, so that nobody else sees what it mounts; and kills Node. */
const harmful =
  /^(?:LogNamespace|Private\w+|Protect(?:ControlGroups|Home|Kernel\w+|Proc|System|Hostname)|ProcSubset|TemporaryFileSystem|(?:Read|In|Exec)\w+Paths|Bind\w*Paths|MountFlags|Root\w+|MemoryDenyWriteExecute|ExecStop\w*|DynamicUser|User|Requires)=/m

t.test('nothing hides its mounts, kills Node, or takes pages away', async (t) => {
  for (const form of ['early', 'later'] as const)
    t.notMatch(applyUnitText({ ...early, form }), harmful)
  t.match('ProtectSystem=yes', harmful)
})
