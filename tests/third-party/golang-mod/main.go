// Checks tests/vectors/tree with the Go packages golang.org/x/mod/sumdb/note and tlog, and signs a
// note for the other side. Reads {"folder": …, "text": …} from standard input and writes the
// failures, the counts of what was checked, and the note as JSON. With {"log": …} it reads a log that
// is served over HTTP instead.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	Folder string
	Text   string
	Log    *served
}

type report struct {
	Failures []string       `json:"failures"`
	Checked  map[string]int `json:"checked"`
	Note     string         `json:"note"`
	Verifier string         `json:"verifier"`
}

type proof struct {
	Index, Size, From, To int64
	Path                  []string
}

var out = report{Failures: []string{}, Checked: map[string]int{}}

func check(kind, title string, holds bool) {
	out.Checked[kind]++
	if !holds {
		out.Failures = append(out.Failures, kind+": "+title)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(folder, file string, into interface{}) {
	data, err := os.ReadFile(filepath.Join(folder, file))
	must(err)
	must(json.Unmarshal(data, into))
}

func bytesOf(text string) []byte {
	data, err := hex.DecodeString(text)
	must(err)
	return data
}

func hashOf(text string) tlog.Hash {
	var hash tlog.Hash
	copy(hash[:], bytesOf(text))
	return hash
}

func hashesOf(texts []string) []tlog.Hash {
	hashes := []tlog.Hash{}
	for _, text := range texts {
		hashes = append(hashes, hashOf(text))
	}
	return hashes
}

// stored is all hashes of a tree, in the order of tlog.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := []tlog.Hash{}
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func grow(size int64) stored {
	var all stored
	for index := int64(0); index < size; index++ {
		more, err := tlog.StoredHashes(index, []byte(fmt.Sprintf("leaf %d", index)), all)
		must(err)
		all = append(all, more...)
	}
	return all
}

func checkMerkle(folder string) {
	var vectors struct {
		Roots []struct {
			Size int64
			Root string
		}
		Inclusion []struct {
			Title, Leaf, Root string
			Valid             bool
			Proof             proof
		}
		Consistency []struct {
			Title, OldRoot, NewRoot string
			Valid                   bool
			Proof                   proof
		}
	}
	load(folder, "merkle.json", &vectors)
	all := grow(300)
	for _, of := range vectors.Roots {
		if of.Size == 0 {
			continue // tlog has zeros for the empty tree, RFC 6962 the hash of nothing.
		}
		root, err := tlog.TreeHash(of.Size, all)
		must(err)
		check("roots", fmt.Sprint(of.Size), root == hashOf(of.Root))
	}
	for _, of := range vectors.Inclusion {
		p := of.Proof
		err := tlog.CheckRecord(hashesOf(p.Path), p.Size, hashOf(of.Root), p.Index, hashOf(of.Leaf))
		check("inclusion", of.Title, (err == nil) == of.Valid)
		if of.Valid {
			ours, err := tlog.ProveRecord(p.Size, p.Index, all)
			must(err)
			check("inclusion made", of.Title, fmt.Sprint(ours) == fmt.Sprint(tlog.RecordProof(hashesOf(p.Path))))
		}
	}
	for _, of := range vectors.Consistency {
		p := of.Proof
		if p.From == 0 {
			continue // tlog has no proof from the empty tree.
		}
		err := tlog.CheckTree(hashesOf(p.Path), p.To, hashOf(of.NewRoot), p.From, hashOf(of.OldRoot))
		check("consistency", of.Title, (err == nil) == of.Valid)
		if of.Valid {
			ours, err := tlog.ProveTree(p.To, p.From, all)
			must(err)
			check("consistency made", of.Title, fmt.Sprint(ours) == fmt.Sprint(tlog.TreeProof(hashesOf(p.Path))))
		}
	}
}

// tiles reads tiles by the paths of C2SP, which leave out the height that tlog tells.
type tiles map[string][]byte

func (tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := [][]byte{}
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		found, ok := t[path]
		if !ok {
			return nil, fmt.Errorf("no tile %s", path)
		}
		data = append(data, found)
	}
	return data, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func checkTiles(folder string) {
	var vectors struct {
		Tree struct {
			Size int64
			Root string
		}
		Tiles, Bundles []struct {
			Path, Hex    string
			Index, Width int64
		}
		Paths []struct {
			Path         string
			Level, Width int
			Index        int64
		}
		Between []struct {
			From, To int64
			Count    int
		}
	}
	load(folder, "tiles.json", &vectors)
	read := tiles{}
	for _, tile := range vectors.Tiles {
		read[tile.Path] = bytesOf(tile.Hex)
	}
	all := grow(vectors.Tree.Size)
	tree := tlog.Tree{N: vectors.Tree.Size, Hash: hashOf(vectors.Tree.Root)}
	reader := tlog.TileHashReader(tree, read)
	for index := range all {
		hashes, err := reader.ReadHashes([]int64{int64(index)})
		check("nodes from tiles", fmt.Sprint(index), err == nil && hashes[0] == all[index])
	}
	for _, bundle := range vectors.Bundles {
		data, at := bytesOf(bundle.Hex), bundle.Index*256
		for ; len(data) >= 2; at++ {
			length := 2 + int(binary.BigEndian.Uint16(data))
			hash := all[tlog.StoredHashIndex(0, at)]
			check("entries of bundles", fmt.Sprint(at), tlog.RecordHash(data[2:length]) == hash)
			data = data[length:]
		}
		check("bundles", bundle.Path, len(data) == 0 && at == bundle.Index*256+bundle.Width)
	}
	for _, of := range vectors.Paths {
		path := tlog.Tile{H: 8, L: of.Level, N: of.Index, W: of.Width}.Path()
		check("paths", of.Path, strings.Replace(path, "tile/8/", "tile/", 1) == of.Path)
	}
	for _, of := range vectors.Between {
		// tlog names each width on the way, of which the last alone is kept.
		last := map[string]bool{}
		for _, tile := range tlog.NewTiles(8, of.From, of.To) {
			isLast := tile.W == 256 || int64(tile.W) == (of.To>>(8*uint(tile.L)))%256
			grew := tile.W == 256 || of.From>>(8*uint(tile.L)) != of.To>>(8*uint(tile.L))
			if isLast && grew {
				last[tile.Path()] = true
			}
		}
		check("tiles between", fmt.Sprint(of.From, " ", of.To), len(last) == of.Count)
	}
}

// witness verifies what the package note does not know: Ed25519 cosignatures of C2SP.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	return ed25519.Verify(w.key, []byte(message), sig[8:])
}

func witnessOf(vkey string) witness {
	parts := strings.SplitN(vkey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	check("keys", "type of the witness", key[0] == 4)
	return witness{parts[0], binary.BigEndian.Uint32(bytesOf(parts[1])), key[1:]}
}

func checkNotes(folder string) {
	var vectors struct {
		Keys       struct{ Log, Witness string }
		Checkpoint struct{ Text string }
		Notes      []struct {
			Title, Note string
			Valid       bool
			Quorum      int
		}
	}
	load(folder, "checkpoint.json", &vectors)
	log, err := note.NewVerifier(vectors.Keys.Log)
	must(err)
	cosigner := witnessOf(vectors.Keys.Witness)
	for _, of := range vectors.Notes {
		opened, err := note.Open([]byte(of.Note), note.VerifierList(log, cosigner))
		names := map[string]int{}
		if err == nil {
			for _, signature := range opened.Sigs {
				names[signature.Name]++
			}
		}
		holds := names[log.Name()] == 1 && names[cosigner.name] >= of.Quorum
		check("notes", of.Title, holds == of.Valid)
		check("texts", of.Title, !holds || opened.Text == vectors.Checkpoint.Text)
	}
}

// sign makes a note of the text with a key of Go's making.
func sign(text string) {
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)), "go.example/log")
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	must(err)
	out.Note, out.Verifier = string(signed), vkey
}

func main() {
	var in request
	must(json.NewDecoder(os.Stdin).Decode(&in))
	if in.Log != nil {
		checkLog(*in.Log)
		must(json.NewEncoder(os.Stdout).Encode(out))
		return
	}
	checkMerkle(in.Folder)
	checkTiles(in.Folder)
	checkNotes(in.Folder)
	sign(in.Text)
	must(json.NewEncoder(os.Stdout).Encode(out))
}
