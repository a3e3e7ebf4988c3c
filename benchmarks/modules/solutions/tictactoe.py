def moves(board):
    return [i for i, square in enumerate(board) if square == "."]


def player(board):
    return "X" if board.count("X") == board.count("O") else "O"


def play(board, square):
    if square not in moves(board):
        raise ValueError(square)
    return board[:square] + player(board) + board[square + 1 :]


def winner(board):
    for a, b, c in LINES:
        if board[a] != "." and board[a] == board[b] == board[c]:
            return board[a]
    return None


def is_over(board):
    return winner(board) is not None or "." not in board


def score(board):
    known = {}

    def value(board):
        if board not in known:
            if is_over(board):
                known[board] = {"X": 1, "O": -1, None: 0}[winner(board)]
            else:
                best = max if player(board) == "X" else min
                known[board] = best(value(play(board, square)) for square in moves(board))
        return known[board]

    return value(board)


def best_move(board):
    if is_over(board):
        raise ValueError("the game is over")
    best = max if player(board) == "X" else min
    return best(moves(board), key=lambda square: score(play(board, square)))


def render(board):
    shown = [str(i) if square == "." else square for i, square in enumerate(board)]
    return "\n".join(" | ".join(shown[i : i + 3]) for i in (0, 3, 6))


def parse(text):
    squares = [square.strip() for line in text.strip().split("\n") for square in line.split("|")]
    return "".join(square if square in ("X", "O") else "." for square in squares)
