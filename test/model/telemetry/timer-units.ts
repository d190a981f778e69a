import t from 'tap'
import { timerText, writingText } from '../../../src/model/telemetry/timer-units.ts'
import { lines } from '../../helpers/on-fake.ts'

const program = ['/usr/bin/node', '/usr/lib/hugepool/bin/hugepool.js']
const usual = {
  textfile: '/var/lib/prometheus/node-exporter/hugepool.prom',
  holders: false,
}

const mark = "# Written by hugepool; 'hugepool service metrics remove' removes it."

const service = lines(
  mark,
  '[Unit]',
  'Description=Write metrics of huge pages for node_exporter',
  'Documentation=man:hugepool-metrics(8)',
  'ConditionPathIsDirectory=/var/lib/prometheus/node-exporter',
  '',
  '[Service]',
  'Type=oneshot',
  'ExecStart=/usr/bin/node /usr/lib/hugepool/bin/hugepool.js metrics --cgroups --output /var/lib/prometheus/node-exporter/hugepool.prom',
  'ReadWritePaths=/var/lib/prometheus/node-exporter',
  'TimeoutStartSec=1min',
  'SuccessExitStatus=64',
  'LogLevelMax=notice',
  'SyslogLevel=warning',
  'CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH',
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'LockPersonality=yes',
  'PrivateNetwork=yes',
  'RestrictAddressFamilies=AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service @pkey',
  'SystemCallErrorNumber=EPERM',
  'IPAddressDeny=any',
  'KeyringMode=private',
  'UMask=0022',
)

const timer = lines(
  mark,
  '[Unit]',
  'Description=Write metrics of huge pages every 15 seconds',
  'Documentation=man:hugepool-metrics(8)',
  '',
  '[Timer]',
  'OnCalendar=*:*:0/15',
  'AccuracySec=1s',
  '',
  '[Install]',
  'WantedBy=timers.target',
)

t.test('what writes the file, and what starts it', async (t) => {
  t.equal(writingText(program, usual), service)
  t.equal(timerText, timer)
})

t.test('a path with characters that mean something to systemd', async (t) => {
  const text = writingText(program, { ...usual, textfile: '/a b/100%/c.prom' })
  t.match(text, '\nConditionPathIsDirectory="/a b/100%%"\n')
  t.match(text, ' --output "/a b/100%%/c.prom"\nReadWritePaths="/a b/100%%"\n')
})

t.test('who holds pages is seen with more rights', async (t) => {
  const replaced = {
    '--cgroups --output': '--cgroups --holders --output',
    CAP_DAC_READ_SEARCH:
      'CAP_DAC_READ_SEARCH CAP_SYS_PTRACE CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_IPC_OWNER',
    'RestrictNamespaces=yes': 'RestrictNamespaces=mnt ipc',
  }
  const text = Object.entries(replaced).reduce(
    (before, [one, other]) => before.replace(one, other),
    service,
  )
  t.equal(writingText(program, { ...usual, holders: true }), text)
})
