// The Application Identifiers of the GS1 General Specifications as data: one row for AIs of one shape.
//
//   ais      single ones and ranges, separated by blanks
//   format   components of the value: n, x, y, z = character set; `18` = exactly, `..20` = 1 to 20 characters;
//            `[...]` = may be left out; after a colon, the checks of the component (ai-checks.ts)
//   traits   F = its length is fixed for every reader, no separator follows; A = may stand in the query of a Digital Link
//   key      only of the primary keys of a Digital Link: the qualifiers that may follow in its path, in their order;
//            alternatives are separated by `|`
export interface AiRow {
  readonly ais: string;
  readonly format: string;
  readonly traits: '' | 'F' | 'A' | 'FA';
  readonly key?: string;
}

function row(ais: string, format: string, traits: AiRow['traits'], key?: string): AiRow {
  return { ais, format, traits, key };
}

const IDENTITY: readonly AiRow[] = [
  row('00', 'n18:check', 'FA', ''),
  row('01', 'n14:check', 'FA', '22 10 21|235'),
  row('02', 'n14:check', 'FA'),
  row('03', 'n14:check', 'F'),
  row('10', 'x..20', 'A'),
  row('11-13 15-17', 'n6:date0', 'FA'),
  row('20', 'n2', 'FA'),
  row('21 22 254', 'x..20', ''),
  row('235', 'x..28', ''),
  row('240 241 250 251 400 403', 'x..30', 'A'),
  row('242', 'n..6', 'A'),
  row('243', 'x..20', 'A'),
  row('253', 'n13:check [x..17]', 'A', ''),
  row('255', 'n13:check [n..12]', 'A', ''),
  row('30 37', 'n..8', 'A'),
  row('401', 'x..30:prefix', 'A', ''),
  row('402', 'n17:check', 'A', ''),
  row('410-413 416', 'n13:check', 'FA'),
  row('414', 'n13:check', 'FA', '254|7040'),
  row('415', 'n13:check', 'FA', '8020'),
  row('417', 'n13:check', 'FA', '7040'),
];

// Weights, lengths, areas, volumes and prices; the last digit says how many of the value's digits are decimals.
const MEASURES: readonly AiRow[] = [
  row('3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165', 'n6', 'FA'),
  row('3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265', 'n6', 'FA'),
  row('3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325 3330-3335', 'n6', 'FA'),
  row('3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425', 'n6', 'FA'),
  row('3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495', 'n6', 'FA'),
  row('3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565', 'n6', 'FA'),
  row('3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655', 'n6', 'FA'),
  row('3660-3665 3670-3675 3680-3685 3690-3695', 'n6', 'FA'),
  row('3900-3909 3920-3929', 'n..15', 'A'),
  row('3910-3919 3930-3939', 'n3 n..15', 'A'),
  row('3940-3943 8111', 'n4', 'A'),
  row('3950-3955 8005', 'n6', 'A'),
];

const PLACES: readonly AiRow[] = [
  row('420', 'x..20', 'A'),
  row('421', 'n3 x..9', 'A'),
  row('422 424 426', 'n3', 'A'),
  row('423 425', 'n3 [n3] [n3] [n3] [n3]', 'A'),
  row('427', 'x..3', 'A'),
  row('4300 4301 4310 4311 4320', 'x..35:escapes', 'A'),
  row('4302-4306 4312-4316', 'x..70:escapes', 'A'),
  row('4307 4317', 'x2:letters', 'A'),
  row('4308 4319', 'x..30', 'A'),
  row('4309', 'n10:latitude n10:longitude', 'A'),
  row('4318', 'x..20', 'A'),
  row('4321-4323', 'n1:flag', 'A'),
  row('4324 4325', 'n6:date0 n4:hhmm', 'A'),
  row('4326', 'n6:date', 'A'),
  row('4330-4333', 'n6 [x1:minus]', 'A'),
];

const ITEMS: readonly AiRow[] = [
  row('7001', 'n13', 'A'),
  row('7002', 'x..30', 'A'),
  row('7003', 'n6:date n4:hhmm', 'A'),
  row('7004', 'n..4', 'A'),
  row('7005', 'x..12', 'A'),
  row('7006', 'n6:date', 'A'),
  row('7007', 'n6:date [n6:date]', 'A'),
  row('7008', 'x..3', 'A'),
  row('7009', 'x..10', 'A'),
  row('7010', 'x..2', 'A'),
  row('7011', 'n6:date [n4:hhmm]', 'A'),
  row('7020-7022', 'x..20', 'A'),
  row('7023', 'x..30:prefix', 'A'),
  row('7030-7039', 'n3 x..27', 'A'),
  row('7040', 'n1 x1 x1 x1', ''),
  row('7041', 'x..4', 'A'),
  row('710-717', 'x..20', 'A'),
  row('7230-7239', 'x2 x..28', 'A'),
  row('7240', 'x..20', 'A'),
  row('7241', 'n2', 'A'),
  row('7242', 'x..25', 'A'),
];

const PERSONS: readonly AiRow[] = [
  row('7250', 'n8:day8', 'A'),
  row('7251', 'n8:day8 n4:hhmm', 'A'),
  row('7252', 'n1:sex', 'A'),
  row('7253 7254 7259', 'x..40:escapes', 'A'),
  row('7255', 'x..10', 'A'),
  row('7256', 'x..90:escapes', 'A'),
  row('7257', 'x..70:escapes', 'A'),
  row('7258', 'x3:birth', 'A'),
];

const SYSTEM: readonly AiRow[] = [
  row('8001', 'n4:nonzero n5:nonzero n3:nonzero n1:winding n1', 'A'),
  row('8002', 'x..20', 'A'),
  row('8003', 'n1:zero n13:check [x..16]', 'A', ''),
  row('8004', 'x..30:prefix', 'A', '7040'),
  row('8006', 'n14:check n4:piece', 'A', '22 10 21'),
  row('8007', 'x..34', 'A'),
  row('8008', 'n6:date n2:hour [n2:minute] [n2:minute]', 'A'),
  row('8009', 'x..50', 'A'),
  row('8010', 'y..30:prefix', 'A', '8011'),
  row('8011', 'n..12:nozero', ''),
  row('8012', 'x..20', 'A'),
  row('8013', 'x..25:prefix', 'A', ''),
  row('8014', 'x..25:prefix', ''),
  row('8017 8018', 'n18:check', 'A', '8019'),
  row('8019', 'n..10', ''),
  row('8020', 'x..25', ''),
  row('8026', 'n14:check n4:piece', 'A'),
  row('8030', 'z..90', 'A'),
  row('8040 8041', 'n15', ''),
  row('8042', 'n32', ''),
  row('8043', 'n18 [n..2]', ''),
  row('8110 8112', 'x..70', 'A'),
  row('8200', 'x..70', ''),
  row('90', 'x..30', 'A'),
  row('91-99', 'x..90', 'A'),
];

export const AI_ROWS: readonly AiRow[] = [...IDENTITY, ...MEASURES, ...PLACES, ...ITEMS, ...PERSONS, ...SYSTEM];
