/** Name of the stack of a zone: `zone-your-app-com`. */
export const zoneStackName = (zone: string): string => `zone-${zone.replaceAll(".", "-")}`;
