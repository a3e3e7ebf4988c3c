from checking import raises, tests


@tests("moves")
def lists_moves(m):
    assert m.moves("X.O.X.O.X") == [1, 3, 5, 7]
    assert m.moves("XOXOXOXOX") == []


@tests("player")
def knows_whose_turn_it_is(m):
    assert [m.player(board) for board in (".........", "X........", "XO.......")] == ["X", "O", "X"]


@tests("play")
def plays(m):
    assert m.play("XO.......", 8) == "XO......X"
    assert m.play("X........", 1) == "XO......."
    for square in (0, 9, -1):
        assert raises(ValueError, m.play, "X........", square), square


@tests("winner")
def knows_winners(m):
    boards = ["OOOXX.X..", "X.OX.OX..", "X.O.XO..X", "XXOOX.O..", "XXOXO.O..", "XOXXOOOXX", "........."]
    assert [m.winner(board) for board in boards] == ["O", "X", "X", None, "O", None, None]


@tests("is_over")
def knows_the_end(m):
    assert m.is_over("XXX.OO...") is True
    assert m.is_over("XOXXOOOXX") is True
    assert m.is_over("X........") is False


@tests("score")
def scores(m):
    assert [m.score(board) for board in ("XX.OO....", "X.X.OO...", "XXXOO....", "XOXXOOOXX", "X.O.X.O.X")] == [
        1,
        1,
        1,
        0,
        1,
    ]
    assert m.score("X...O....") == 0
    assert m.score("XX.OO.X..") == -1


@tests("best_move")
def finds_the_best_move(m):
    assert m.best_move("OO.XX.X..") == 2
    assert m.best_move("XX..O....") == 2
    assert m.best_move("X.O.X....") == 8
    assert raises(ValueError, m.best_move, "XXXOO....")


@tests("render")
def renders(m):
    assert m.render("XOX......") == "X | O | X\n3 | 4 | 5\n6 | 7 | 8"


@tests("parse")
def parses(m):
    assert m.parse("X | O | X\n3 | 4 | 5\n6 | 7 | O") == "XOX.....O"
