import t from 'tap'
import {
  openrcScript,
  runitScript,
  sysvinitScript,
} from '../../../../src/model/config/service/init-scripts.ts'
import type { ServiceProgram } from '../../../../src/model/config/service/service-program.ts'

const mark = "# Written by hugepool; 'hugepool service remove' removes it."
const program: ServiceProgram = {
  words: ['/usr/bin/node', "/opt/it's here/hugepool.js"],
  form: 'early',
  late: [],
}

const variables = `node=/usr/bin/node
hugepool='/opt/it'\\''s here/hugepool.js'`

const openrc = (order: string) => `#!/sbin/openrc-run
${mark}

${variables}
description="Apply the hugepage configuration"

depend() {
	need sysfs
${order}
	keyword -docker -lxc -prefix -systemd-nspawn
}

start() {
	ebegin "Apply the hugepage configuration"
	"$node" "$hugepool" apply --boot
	eend $?
}
`

t.test('the script of OpenRC', async (t) => {
  t.equal(openrcScript(program), openrc('\tafter sysctl modules\n\tbefore localmount'))
  t.equal(openrcScript({ ...program, form: 'later' }), openrc('\tafter sysctl modules localmount'))
})

t.test('the script of sysvinit', async (t) => {
  t.equal(
    sysvinitScript(program),
    `#!/bin/sh
${mark}
### BEGIN INIT INFO
# Provides:          hugepool
# Required-Start:    mountkernfs $local_fs
# Required-Stop:
# Should-Start:      procps kmod
# Default-Start:     S
# Default-Stop:
# Short-Description: Apply the hugepage configuration
### END INIT INFO

${variables}

case "$1" in
start)
	"$node" "$hugepool" apply --boot
	;;
reload | restart | force-reload)
	"$node" "$hugepool" apply
	;;
stop)
	;;
status)
	"$node" "$hugepool" check
	case $? in
	0) ;;
	5) exit 3 ;;
	*) exit 4 ;;
	esac
	;;
*)
	echo "Usage: $0 {start|stop|reload|restart|force-reload|status}" >&2
	exit 3
	;;
esac
`,
  )
})

t.test('the file of runit', async (t) => {
  t.equal(
    runitScript(program),
    `${mark}

if [ -z "\${VIRTUALIZATION-}\${IS_CONTAINER-}" ]; then
(
${variables}
"$node" "$hugepool" apply --boot
) || echo "hugepool: the hugepage configuration is not applied in full"
fi
`,
  )
})

t.test('a program of one file is started by itself', async (t) => {
  const alone: ServiceProgram = { ...program, words: ['/usr/bin/hugepool'] }
  const lines = (script: string) =>
    script.split('\n').filter((line) => /node|hugepool"|hugepool=/.test(line))
  const variable = 'hugepool=/usr/bin/hugepool'
  t.strictSame(lines(openrcScript(alone)), [variable, '\t"$hugepool" apply --boot'])
  t.strictSame(lines(runitScript(alone)), [variable, '"$hugepool" apply --boot'])
  t.strictSame(lines(sysvinitScript(alone)), [
    variable,
    '\t"$hugepool" apply --boot',
    '\t"$hugepool" apply',
    '\t"$hugepool" check',
  ])
})
