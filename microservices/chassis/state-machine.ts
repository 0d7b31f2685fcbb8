/** The states of a thing: from → move → to. What is not here does not happen. */
export type StateTable<State extends string, Move extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Move, State>>>>
>;

/** The state after a move, or undefined where the move is not allowed. */
export const after = <State extends string, Move extends string>(
  table: StateTable<State, Move>,
  from: State,
  move: Move,
): State | undefined => table[from][move];

/** The moves that are allowed in a state. */
export const allowed = <State extends string, Move extends string>(
  table: StateTable<State, Move>,
  state: State,
): Move[] => Object.keys(table[state]) as Move[];

/** Detail and data of a 409 for a move that is not allowed: the state, and what is allowed there. */
export const illegalMove = <State extends string, Move extends string>(
  table: StateTable<State, Move>,
  thing: { name: string; state: State },
  asked: Move,
): [detail: string, data: { state: State; allowed: Move[] }] => {
  const moves = allowed(table, thing.state);
  const possible = moves.length > 0 ? `Possible now: ${moves.join(', ')}.` : 'Nothing changes it any more.';
  return [
    `${thing.name} is ${thing.state.replaceAll('_', ' ')}, so "${asked}" is not possible. ${possible}`,
    { state: thing.state, allowed: moves },
  ];
};

/** The state after a move. Throws the failure that `refuse` makes where the move is not allowed. */
export const requireMove = <State extends string, Move extends string>(
  table: StateTable<State, Move>,
  thing: { name: string; state: State },
  asked: Move,
  refuse: (detail: string, data: { state: string; allowed: string[] }) => Error,
): State => {
  const state = after(table, thing.state, asked);
  if (state === undefined) throw refuse(...illegalMove(table, thing, asked));
  return state;
};
