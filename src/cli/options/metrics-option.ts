export const cgroupsOption = {
  name: 'cgroups',
  help: 'add what cgroups may have and have, and how often they were refused',
}
export const holdersOption = {
  name: 'holders',
  help: 'add who holds pages, by kind and by user, and what nobody explains',
}
export const formatOption = {
  name: 'format',
  value: 'FORMAT',
  choices: ['openmetrics', 'prometheus'],
  help: 'print openmetrics, or the text of prometheus that promtool reads',
}
/** This option replaces the common one, because there are no columns. */
export const metricsFileOption = {
  name: 'output',
  letter: 'o',
  value: 'FILE.prom',
  excludes: ['format', 'output-all'],
  help: "write them into this file in one step, for node_exporter's textfile collector",
}
export const listenOption = {
  name: 'listen',
  value: 'ADDRESS:PORT',
  excludes: ['format', 'output', 'json'],
  help: 'serve them over HTTP to Prometheus, on loopback unless an address is named',
}
export const alertsOption = {
  name: 'alerts',
  excludes: ['cgroups', 'holders', 'format', 'output', 'listen', 'dashboard'],
  help: 'print rules of alerts for Prometheus',
}
export const dashboardOption = {
  name: 'dashboard',
  excludes: ['cgroups', 'holders', 'format', 'output', 'listen'],
  help: 'print a dashboard for Grafana',
}
